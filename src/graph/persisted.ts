import { readFileSync } from 'node:fs'
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { z } from 'zod'

const fileSchema = z.record(z.string().min(1), z.string().min(1))

/** An installation's own operations by id (`{"<id>":"query …"}`). Throws on a file that cannot be read as that. */
export function readPersistedOperations(file: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))))
}

/** Runs the known operations, by id or by their text, and no other, over HTTP and on sockets. */
export function usePersistedOnly(operations: ReadonlyMap<string, string>): Plugin[] {
  const texts = new Set(operations.values())
  return [
    usePersistedOperations({
      getPersistedOperation: (id: string) => operations.get(id) ?? null,
      allowArbitraryOperations: true,
    }),
    {
      onParse: ({ params: { source } }) => {
        if (texts.has(typeof source === 'string' ? source : source.body)) return
        throw new GraphQLError('Only the persisted operations of this installation are run', {
          extensions: { code: 'BAD_USER_INPUT' },
        })
      },
    },
  ]
}
