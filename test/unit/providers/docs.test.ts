import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withMapping } from '../../../dev/providers/docs.js'
import { BUILT_IN_TABLES } from '../../../src/providers/registry.js'

const names = [...new Set(BUILT_IN_TABLES.map(({ name }) => name))]

describe.each(names)('docs/providers/%s.md', (name) => {
  const page = readFileSync(new URL(`../../../docs/providers/${name}.md`, import.meta.url), 'utf8')
  const tables = BUILT_IN_TABLES.filter((table) => table.name === name)

  it('has the mapping that `npm run docs:providers` writes', () => expect(withMapping(page, tables)).toBe(page))

  it('names every profile and every header of its schemes', () => {
    for (const { profile, schemes } of tables) {
      expect(page).toContain(`\`${profile}\``)
      for (const { header } of schemes) expect(page).toContain(header)
    }
  })
})
