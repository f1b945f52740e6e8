import { readFileSync, writeFileSync } from 'node:fs'
import { BUILT_IN_TABLES } from '../../src/providers/registry.js'
import { withMapping } from './docs.js'

// `npm run docs:providers`: writes what test/unit/providers/docs.test.ts compares with.
for (const name of new Set(BUILT_IN_TABLES.map((table) => table.name))) {
  const file = `docs/providers/${name}.md`
  const tables = BUILT_IN_TABLES.filter((table) => table.name === name)
  writeFileSync(file, withMapping(readFileSync(file, 'utf8'), tables))
}
