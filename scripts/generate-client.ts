// `npm run client`: types of clients/typescript from schema.graphql and operations.graphql.
import { readFileSync, writeFileSync } from 'node:fs'
import { codegen } from '@graphql-codegen/core'
import * as typescriptOperations from '@graphql-codegen/typescript-operations'
import { type DocumentNode, Kind, type OperationDefinitionNode, parse, print } from 'graphql'

const ROOT = new URL('../clients/typescript/', import.meta.url)
const HEADER = '// Written by `npm run client` from schema.graphql and operations.graphql.\n'

/** The generated files by name, as they should be. */
export async function generateClient(): Promise<Readonly<Record<string, string>>> {
  const document = parse(readFileSync(new URL('operations.graphql', ROOT), 'utf8'))
  const schema = parse(readFileSync(new URL('../../schema.graphql', ROOT), 'utf8'))
  const types = await codegen({
    filename: 'generated.ts',
    schema,
    documents: [{ document, location: 'operations.graphql' }],
    config: {
      enumsAsTypes: true,
      immutableTypes: true,
      skipTypename: true,
      useTypeImports: true,
      strictScalars: true,
      scalars: { DateTime: 'string', JSON: 'unknown' },
    },
    plugins: [{ operations: {} }],
    pluginMap: { operations: typescriptOperations },
  })
  return { 'generated.ts': `${HEADER}${types}`, 'operations.ts': operationsOf(document) }
}

function operationsOf(document: DocumentNode): string {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  const names = operations.flatMap((operation) => typesOf(operation)).sort()
  const constants = operations.map((operation) => {
    const [data, variables] = typesOf(operation)
    return `export const ${operation.name?.value}: Operation<${data}, ${variables}> = {\n  text: ${JSON.stringify(textOf(operation, document))},\n}\n`
  })
  return `${HEADER}import type { Operation } from './client.js'\nimport type {\n${names.map((name) => `  ${name},\n`).join('')}} from './generated.js'\n\n${constants.join('\n')}`
}

/** The generator's names of what an operation gives and takes. */
function typesOf({ name, operation }: OperationDefinitionNode): [string, string] {
  const title = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
  const base = `${title(name?.value ?? '')}${title(operation)}`
  return [base, `${base}Variables`]
}

/** An operation with the fragments it needs, on one line. */
function textOf(operation: OperationDefinitionNode, document: DocumentNode): string {
  const text = print(operation)
  const fragments = document.definitions.filter(
    (each) => each.kind === Kind.FRAGMENT_DEFINITION && text.includes(`...${each.name.value}`),
  )
  return [text, ...fragments.map(print)].join(' ').replaceAll(/\s+/g, ' ')
}

if (process.argv[1]?.endsWith('generate-client.ts')) {
  for (const [name, text] of Object.entries(await generateClient())) writeFileSync(new URL(`src/${name}`, ROOT), text)
}
