import { describe, expect, it } from 'vitest'
import { updateConfig } from '../../../../src/graph/operations/client-config.js'
import { aCaller, aClient, createMemoryPorts } from '../../../support/memory-ports.js'

function setUp() {
  const memory = createMemoryPorts()
  memory.clients.set('c1', aClient('c1'))
  const update = (patch: unknown) => updateConfig(aCaller('admin'), 'c1', patch, memory.ports)
  return { memory, update }
}

describe('updating a configuration', () => {
  it("merges deeply: the specification's example changes what it names and nothing else", async () => {
    const { update, memory } = setUp()
    const { settings } = await update({
      retryPolicy: { maxRetries: 5, exponentialBackoff: true },
      security: { rateLimiting: { maxRequests: 2_000 } },
    })
    expect(settings.retryPolicy).toEqual({
      mode: 'fixed',
      maxRetries: 5,
      retryDelays: [1_000, 5_000, 10_000],
      exponentialBackoff: true,
    })
    expect(settings.security).toMatchObject({
      signatureValidation: true,
      rateLimiting: { enabled: true, maxRequests: 2_000, windowMs: 60_000 },
    })
    expect(memory.distributed).toMatchObject([{ clientId: 'c1', version: 2 }])
  })

  it('replaces lists whole', async () => {
    const { settings } = await setUp().update({ retryPolicy: { retryDelays: [9] } })
    expect(settings.retryPolicy.retryDelays).toEqual([9])
  })
})

it.each([
  ['a setting that does not exist', { colour: 'red' }],
  ['a value out of range', { retryPolicy: { maxRetries: -1 } }],
  ['a value of another type', { security: { ipWhitelist: 'any' } }],
  ['an address that is none', { security: { ipWhitelist: ['300.1.1.1'] } }],
  ['a list in place of settings', []],
  ['a text in place of settings', 'all'],
])('%s is refused, and changes nothing', async (_, patch) => {
  const { memory, update } = setUp()
  await expect(update(patch)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  expect(memory.clients.get('c1')).toEqual(aClient('c1'))
})

it('a prototype in the settings changes no prototype', async () => {
  const { update } = setUp()
  await update(JSON.parse('{"__proto__":{"polluted":true},"security":{"__proto__":{"polluted":true}}}')).catch(
    () => 'refused is fine too',
  )
  expect({}).not.toHaveProperty('polluted')
})
