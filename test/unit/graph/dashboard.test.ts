import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { DASHBOARD_PATHS, dashboardRoutes } from '../../../src/graph/dashboard.js'
import type { HttpRequest, HttpResponse } from '../../../src/http/http.js'
import { handlerOf } from '../../support/graph.js'

const folder = mkdtempSync(join(tmpdir(), 'orderwire-dashboard-'))
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>orderwire</title>')
writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {}')
afterAll(() => rmSync(folder, { recursive: true }))

const routes = dashboardRoutes(folder)
async function get(path: string, headers: Record<string, string> = {}, from = routes): Promise<HttpResponse> {
  const request = { header: (name: string) => headers[name] } as HttpRequest
  return handlerOf(from.find(({ pattern }) => pattern === path))(request)
}

it.each(DASHBOARD_PATHS)('%s is the page, asked for anew, with a policy that runs our own files only', async (path) => {
  const { status, headers, body } = await get(path)
  expect(status).toBe(200)
  expect(String(body)).toContain('<title>orderwire</title>')
  expect(headers?.['cache-control']).toBe('no-cache')
  expect(headers?.['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/)
  expect(headers?.['content-security-policy']).not.toContain('unsafe')
})

it('answers an asset for ever, compressed as the browser takes it, and not again to whoever has it', async () => {
  const plain = await get('/assets/index-abc.js')
  expect(plain.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8' })
  expect(plain.headers?.['cache-control']).toContain('immutable')
  const brotli = await get('/assets/index-abc.js', { 'accept-encoding': 'gzip, br;q=1' })
  expect(brotliDecompressSync(brotli.body ?? '').toString()).toBe('export {}')
  const gzip = await get('/assets/index-abc.js', { 'accept-encoding': 'gzip' })
  expect(gunzipSync(gzip.body ?? '').toString()).toBe('export {}')
  const again = await get('/assets/index-abc.js', { 'if-none-match': plain.headers?.['etag'] ?? '' })
  expect(again).toMatchObject({ status: 304 })
  expect(again.body).toBeUndefined()
})

it('says how to build it where it is not built', async () => {
  const { status, body } = await get('/', {}, dashboardRoutes(join(folder, 'nowhere')))
  expect(status).toBe(503)
  expect(body).toContain('npm run build')
})
