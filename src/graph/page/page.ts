import { readFileSync } from 'node:fs'
import type { HttpResponse, Route } from '../../http/http.js'

const FILES = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/live.js', file: 'live.js', type: 'text/javascript; charset=utf-8' },
  { path: '/live.css', file: 'live.css', type: 'text/css; charset=utf-8' },
] as const

/** Scripts, styles and connections from ourselves only; nobody frames the page. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The live page at `/`: plain files, read once. It is open; what it shows needs a token. */
export function pageRoutes(): readonly Route[] {
  return FILES.map(({ path, file, type }) => {
    const answer: HttpResponse = {
      status: 200,
      headers: { ...SECURITY_HEADERS, 'content-type': type, 'cache-control': 'no-cache' },
      body: readFileSync(new URL(`./${file}`, import.meta.url)),
    }
    return { method: 'get', pattern: path, maxBodyBytes: 0, handler: async () => answer }
  })
}
