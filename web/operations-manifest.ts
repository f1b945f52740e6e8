import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, print, separateOperations } from 'graphql'

const OPERATIONS = join(import.meta.dirname, 'src', 'api', 'operations')

/** Every operation the dashboard asks, by name, each with the fragments it uses: what persisted operations are made of. */
export function operationsManifest(): Readonly<Record<string, string>> {
  const texts = readdirSync(OPERATIONS).map((file) => readFileSync(join(OPERATIONS, file), 'utf8'))
  const operations = separateOperations(parse(texts.join('\n')))
  return Object.fromEntries(
    Object.entries(operations).map(([name, document]) => [`dashboard:${name}`, print(document)]),
  )
}
