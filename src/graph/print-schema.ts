import { writeFileSync } from 'node:fs'
import { printedSchema } from './schema.js'

// `npm run schema`: writes what test/unit/graph/schema.test.ts compares with.
writeFileSync('schema.graphql', printedSchema())
