/** One path below a client's URL that a platform calls. */
export type Endpoint = {
  readonly method: 'POST' | 'PUT' | 'GET'
  /** Below `/webhooks/{provider}/{clientId}`: empty, or `/order/{remoteId}` where a name in braces is any one segment. */
  readonly path: string
  /** The event that a call here is, where the path tells and not the body. */
  readonly event?: string
  /** Paths that must be in the body for it to be this call at all. */
  readonly requires?: readonly string[]
  /** `none`: the call carries nothing. JSON otherwise. */
  readonly body?: 'none'
}

/** The one endpoint of a platform that sends everything to one URL. */
export const POST_HERE: readonly [Endpoint] = [{ method: 'POST', path: '' }]

export type EndpointMatch = { readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> }

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({})

/**
 * The endpoint a request is for; `wrong-method` where only the method is not right.
 * @param method upper case
 * @param path what follows the client's URL, percent-encoded as sent
 */
export function matchEndpoint(
  endpoints: readonly Endpoint[],
  method: string,
  path: string,
): EndpointMatch | 'wrong-method' | 'unknown-path' {
  let known = false
  for (const endpoint of endpoints) {
    const params = matchPath(endpoint.path, path)
    if (params === undefined) continue
    if (endpoint.method === method) return { endpoint, params }
    known = true
  }
  return known ? 'wrong-method' : 'unknown-path'
}

function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  if (!pattern.includes('{')) return pattern === path ? NO_PARAMS : undefined
  const expected = pattern.split('/')
  const given = path.split('/')
  if (expected.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of expected.entries()) {
    const segment = given[index] ?? ''
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
    const value = name === undefined ? segment : decode(segment)
    if (name === undefined ? part !== segment : value === undefined || value === '') return undefined
    if (name !== undefined && value !== undefined) params[name] = value
  }
  return params
}

/** Undefined for what is not valid percent-encoding. */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
