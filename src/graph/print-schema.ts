import { mkdirSync, writeFileSync } from 'node:fs'
import { canonicalJsonSchema } from '../domain/json-schema.js'
import { printedSchema } from './schema.js'

// `npm run schema`: writes what test/unit/graph/schema.test.ts and test/unit/domain/json-schema.test.ts compare with.
writeFileSync('schema.graphql', printedSchema())
mkdirSync('schemas', { recursive: true })
writeFileSync('schemas/canonical-event.json', canonicalJsonSchema())
