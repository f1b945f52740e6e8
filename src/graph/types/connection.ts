import type { Builder, ObjectType } from '../builder.js'
import { encodeCursor, type ListName } from '../cursor.js'
import type { Listed, Page, Position } from '../ports.js'

/** One page of a list, with what a relay connection says of it. */
export type Connection<T> = Listed<T> & { readonly hasPrevious: boolean; total(): Promise<number> }

type PageInfo = {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

/** The connection of a page that was read. `total` is counted only for whoever asks for it. */
export function connectionOf<T>(page: Page, listed: Listed<T>, total: () => Promise<number>): Connection<T> {
  return { ...listed, hasPrevious: page.after !== undefined, total }
}

/** `PageInfo`, shared by every connection. */
export function definePageInfo(builder: Builder) {
  return builder.objectRef<PageInfo>('PageInfo').implement({
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage'),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage'),
      startCursor: t.exposeString('startCursor', { nullable: true }),
      endCursor: t.exposeString('endCursor', { nullable: true }),
    }),
  })
}

/** `<Name>Connection` and `<Name>Edge` of a list that runs by `positionOf`. */
export function defineConnection<T>(
  builder: Builder,
  pageInfo: ObjectType<PageInfo>,
  options: {
    readonly node: ObjectType<T>
    readonly name: string
    readonly list: ListName
    positionOf(node: T): Position
  },
) {
  const cursorOf = (node: T): string => encodeCursor(options.list, options.positionOf(node))
  const edge = builder.objectRef<{ readonly node: T }>(`${options.name}Edge`).implement({
    fields: (t) => ({
      cursor: t.string({ resolve: ({ node }) => cursorOf(node) }),
      // A node is never a list; Pothos's types cannot tell that of a T.
      node: t.field({ type: options.node, resolve: ({ node }) => node as never }),
    }),
  })
  return builder.objectRef<Connection<T>>(`${options.name}Connection`).implement({
    fields: (t) => ({
      totalCount: t.int({ resolve: ({ total }) => total() }),
      edges: t.field({ type: [edge], resolve: ({ items }) => items.map((node) => ({ node })) }),
      pageInfo: t.field({
        type: pageInfo,
        resolve: ({ items, hasMore, hasPrevious }) => {
          const [first] = items
          const last = items.at(-1)
          return {
            hasNextPage: hasMore,
            hasPreviousPage: hasPrevious,
            startCursor: first === undefined ? null : cursorOf(first),
            endCursor: last === undefined ? null : cursorOf(last),
          }
        },
      }),
    }),
  })
}
