import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadProviders } from '../../../src/app/providers.js'
import { parseProvidersFile } from '../../../src/providers/configured.js'

const EXAMPLE = readFileSync(new URL('../../../docs/providers/configured-example.json', import.meta.url), 'utf8')
const BUILT_IN = new Set(['careem'])
type Provider = Record<string, unknown>
const changed = (change: (provider: Provider) => unknown): string => {
  const file = JSON.parse(EXAMPLE) as { providers: unknown[] }
  file.providers = [change(file.providers[0] as Provider)].flat()
  return JSON.stringify(file)
}
const faults = (text: string): string => {
  const parsed = parseProvidersFile(text, BUILT_IN)
  return parsed.ok ? '' : parsed.faults.join('\n')
}

describe('a providers file', () => {
  it('takes the example', () => expect(faults(EXAMPLE)).toBe(''))

  it.each([
    ['no JSON', 'nope', 'is not JSON.'],
    ['another shape', '[]', 'the file Invalid input'],
    [
      "a built-in provider's name",
      changed((p) => ({ ...p, name: 'careem' })),
      '"careem" is a built-in provider\'s name.',
    ],
    ['a name that is none', changed((p) => ({ ...p, name: 'Corner Kitchen' })), 'providers[0].name must be 1–32'],
    ['a name twice', changed((p) => [p, p]), 'defined twice'],
    ['no scheme', changed((p) => ({ ...p, schemes: [] })), 'providers[0].schemes must have at least one'],
    ['an unknown key', changed((p) => ({ ...p, colour: 'red' })), 'colour'],
    [
      'a field of no known form',
      changed((p) => ({ ...p, events: { 'a.b': { type: 'order.created', dedupe: [{ nope: 1 }] } } })),
      'providers[0].events["a.b"].dedupe[0] must be a path, a list of paths',
    ],
    [
      'a status that is not ours',
      changed((p) => ({
        ...p,
        events: { a: { type: 'order.status_changed', dedupe: ['id'], change: { to: { value: 'gone' } } } },
      })),
      'providers[0].events.a.change.to must be {"from", "table"} with canonical words',
    ],
  ])('refuses %s with a sentence that says where', (_, text, sentence) => {
    expect(faults(text)).toContain(sentence)
  })

  it('that cannot be read stops the start', () => {
    expect(() => loadProviders('/nowhere/providers.json')).toThrow(
      'PROVIDERS_FILE /nowhere/providers.json cannot be read.',
    )
  })
})
