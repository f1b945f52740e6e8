import {
  keepPreviousData,
  type QueryClient,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { TypedDocumentString } from './generated'
import { type ApiFault, request } from './request'

type Options<Variables> = {
  readonly variables: Variables
  /** Ask again every so many milliseconds while the view is open. */
  readonly everyMs?: number
  readonly enabled?: boolean
}

/** A query of the API, cached by operation and variables; while variables change the last answer stays. */
export function useApi<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  { variables, everyMs, enabled = true }: Options<Variables>,
): UseQueryResult<Data, ApiFault> {
  return useQuery<Data, ApiFault>({
    queryKey: keyOf(document, variables),
    queryFn: ({ signal }) => request(document, variables, signal),
    placeholderData: keepPreviousData,
    enabled,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  })
}

type PageInfo = { readonly hasNextPage: boolean; readonly endCursor: string | null }

/** A connection of the API page by page: the pages so far, and what fetches the next. */
export function usePages<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  pageInfoOf: (data: Data) => PageInfo,
): UseInfiniteQueryResult<readonly Data[], ApiFault> {
  return useInfiniteQuery<Data, ApiFault, readonly Data[], readonly unknown[], string | null>({
    queryKey: keyOf(document, variables),
    queryFn: ({ pageParam, signal }) => request(document, { ...variables, after: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: (data) => {
      const { hasNextPage, endCursor } = pageInfoOf(data)
      return hasNextPage ? endCursor : null
    },
    select: ({ pages }) => pages,
  })
}

/** A mutation of the API; what it `changes` is asked for again. */
export function useChange<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  changes: readonly TypedDocumentString<unknown, never>[] = [],
): UseMutationResult<Data, ApiFault, Variables> {
  const client = useQueryClient()
  return useMutation<Data, ApiFault, Variables>({
    mutationFn: (variables) => request(document, variables),
    onSuccess: () => refresh(client, changes),
  })
}

/** Asks again for every answer of these operations that is on screen. */
export async function refresh(
  client: QueryClient,
  documents: readonly TypedDocumentString<unknown, never>[],
): Promise<void> {
  await Promise.all(documents.map((each) => client.invalidateQueries({ queryKey: [nameOf(each)] })))
}

export function keyOf<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables) {
  return [nameOf(document), variables] as const
}

function nameOf(document: TypedDocumentString<unknown, never>): string {
  return /(?:query|mutation|subscription) (\w+)/.exec(document.toString())?.[1] ?? document.toString()
}
