import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import * as typedDocuments from '@graphql-codegen/typed-document-node'
import * as operationTypes from '@graphql-codegen/typescript-operations'
import { buildSchema, parse, validate } from 'graphql'

const WEB = fileURLToPath(new URL('.', import.meta.url))
const SCHEMA = join(WEB, '..', 'schema.graphql')
const OPERATIONS = join(WEB, 'src', 'api', 'operations')
/** What the dashboard imports; committed, so that the build and the type check need no step before them. */
export const GENERATED = join(WEB, 'src', 'api', 'generated.ts')

/** The types of every operation in `src/api/operations`, checked against `schema.graphql`. Throws on an operation it does not know. */
export async function generateTypes(): Promise<string> {
  const schema = buildSchema(readFileSync(SCHEMA, 'utf8'))
  const documents = readdirSync(OPERATIONS)
    .sort()
    .map((file) => ({ location: file, document: parse(readFileSync(join(OPERATIONS, file), 'utf8')) }))
  const whole = parse(documents.map(({ location }) => readFileSync(join(OPERATIONS, location), 'utf8')).join('\n'))
  const faults = validate(schema, whole)
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'))
  const body = await codegen({
    filename: GENERATED,
    schema: parse(readFileSync(SCHEMA, 'utf8')),
    schemaAst: schema,
    documents,
    config: {
      documentMode: 'string',
      useTypeImports: true,
      immutableTypes: true,
      skipTypename: true,
      inlineFragmentTypes: 'combine',
      scalars: { DateTime: 'string', JSON: 'unknown', ID: 'string' },
    },
    plugins: [{ operationTypes: {} }, { typedDocuments: {} }],
    pluginMap: { operationTypes, typedDocuments },
  })
  return `// Written by \`npm run schema\` from schema.graphql and the operations beside this file.\n${body}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(GENERATED, await generateTypes())
