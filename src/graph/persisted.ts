import { readFileSync } from 'node:fs'
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { type DocumentNode, GraphQLError, parse, print } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { z } from 'zod'

const fileSchema = z.record(z.string().min(1), z.string().min(1))

/** An installation's own operations by id (`{"<id>":"query …"}`). Throws on a file that cannot be read as that. */
export function readPersistedOperations(file: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))))
}

/** Runs the known operations, by id or as they are written, however spaced, and no other, over HTTP and on sockets. */
export function usePersistedOnly(operations: ReadonlyMap<string, string>): Plugin[] {
  const known = new Set([...operations.values()].map((text) => essenceOf(parse(text))))
  return [
    usePersistedOperations({
      getPersistedOperation: (id: string) => operations.get(id) ?? null,
      allowArbitraryOperations: true,
    }),
    {
      onParse:
        () =>
        ({ result }) => {
          // What cannot be parsed is told as such.
          if (result === null || result instanceof Error || known.has(essenceOf(result))) return
          throw new GraphQLError('Only the persisted operations of this installation are run', {
            extensions: { code: 'BAD_USER_INPUT' },
          })
        },
    },
  ]
}

/** The same for the same operation and fragments, in whatever order and layout. */
function essenceOf({ definitions }: DocumentNode): string {
  return definitions.map(print).sort().join('\n')
}
