import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { HttpRequest, HttpResponse, Route } from '../http/http.js'
import { readPersistedOperations } from './persisted.js'

/** Paths the dashboard routes by itself: each answers with its page. `web/src/app/views.ts` names the same. */
export const DASHBOARD_PATHS = [
  '/',
  '/orders',
  '/logs',
  '/retries',
  '/performance',
  '/analytics',
  '/menus',
  '/alerts',
  '/connections',
  '/audit',
] as const

/** `web/dist`, beside the sources as beside `dist/src`. */
const BUILT = fileURLToPath(new URL('../../web/dist', import.meta.url))

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Scripts, styles and connections from ourselves only; nobody frames the page. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept-encoding',
}

/** Names under `/assets` carry the hash of their content. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

/**
 * The dashboard, read once into memory. It is open; what it shows needs a token. Without a build (a checkout that was
 * started past `npm start`) every path says how to make one.
 * @param folder what `npm run build` put into `web/dist`
 */
export function dashboardRoutes(folder = BUILT): readonly Route[] {
  if (!existsSync(join(folder, 'index.html'))) return DASHBOARD_PATHS.map((path) => get(path, () => NOT_BUILT))
  const page = serveFile(join(folder, 'index.html'), ASK_AGAIN)
  const assets = join(folder, 'assets')
  return [
    ...DASHBOARD_PATHS.map((path) => get(path, page)),
    ...readdirSync(assets).map((name) => get(`/assets/${name}`, serveFile(join(assets, name), FOR_EVER))),
  ]
}

/** What the dashboard asks, by operation name: an installation that runs persisted operations only runs these too. */
export function dashboardOperations(folder = BUILT): ReadonlyMap<string, string> {
  const file = join(folder, 'operations.json')
  return existsSync(file) ? readPersistedOperations(file) : new Map()
}

type Encoding = 'br' | 'gzip'
type Serve = (request: Pick<HttpRequest, 'header'>) => HttpResponse

function get(pattern: string, handler: Serve): Route {
  return { method: 'get', pattern, maxBodyBytes: 0, handler }
}

const NOT_BUILT: HttpResponse = {
  status: 503,
  headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'The dashboard is not built. Run `npm run build` (or `npm start`, which does it by itself). The API works.\n',
}

/** Compresses when it is first asked for, and keeps the result. */
function serveFile(file: string, cacheControl: string): Serve {
  const whole = readFileSync(file)
  const etag = `"${createHash('sha256').update(whole).digest('base64url').slice(0, 22)}"`
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': CONTENT_TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    'cache-control': cacheControl,
    etag,
  }
  const compressed = new Map<Encoding, Buffer>()
  return (request) => {
    if (request.header('if-none-match') === etag) return { status: 304, headers }
    const encoding = preferredEncoding(request.header('accept-encoding'))
    if (encoding === undefined) return { status: 200, headers, body: whole }
    const body = compressed.get(encoding) ?? compress(whole, encoding)
    compressed.set(encoding, body)
    return { status: 200, headers: { ...headers, 'content-encoding': encoding }, body }
  }
}

function preferredEncoding(accepted = ''): Encoding | undefined {
  const names = accepted.split(',').map((each) => each.trim().split(';')[0])
  return (['br', 'gzip'] as const).find((encoding) => names.includes(encoding))
}

/** High enough for small files over a slow line, low enough to be done within a request. */
const BROTLI_QUALITY = 6

function compress(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'gzip') return gzipSync(bytes)
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
}
