/**
 * The versions of the REST API. The unversioned paths are the specification's own and always the current version; `v1`
 * is for those who want to stay on it. docs/api.md has the policy.
 */
export type ApiVersion = {
  readonly base: string
  /** RFC 3339: since when it should no longer be used, and from when it will be gone. */
  readonly deprecatedAt?: string
  readonly sunsetAt?: string
}

export const API_VERSIONS: readonly ApiVersion[] = [{ base: '/api/webhooks' }, { base: '/api/v1/webhooks' }]

const POLICY = '</api/docs#versions>; rel="deprecation"; type="text/html"'

/** What every answer of a version says of its end: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and where to read more. */
export function versionHeaders({ deprecatedAt, sunsetAt }: ApiVersion): Readonly<Record<string, string>> {
  return {
    ...(deprecatedAt !== undefined && {
      deprecation: `@${Math.floor(Date.parse(deprecatedAt) / 1_000)}`,
      link: POLICY,
    }),
    ...(sunsetAt !== undefined && { sunset: new Date(sunsetAt).toUTCString() }),
  }
}
