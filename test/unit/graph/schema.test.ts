import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { printedSchema } from '../../../src/graph/schema.js'

it('schema.graphql is what the code serves (npm run schema writes it)', () => {
  expect(readFileSync('schema.graphql', 'utf8')).toBe(printedSchema())
})
