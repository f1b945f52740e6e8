import { hash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ProviderName } from '../../src/domain/provider.js'
import { keetaOrder } from './platforms/keeta.js'
import { uberEatsOrder } from './platforms/uber-eats.js'

/** A platform's own API: OAuth client credentials, and the order of a thin event by its id. */
export type SimulatedPlatformApi = { readonly url: string; readonly host: string; close(): Promise<void> }

const TOKEN_PATH = '/oauth/v2/token'
type Orders = { readonly path: RegExp; orderOf(id: string): object }
/** Where each platform of thin events keeps its orders. */
const ORDERS: Readonly<Record<ProviderName, Orders>> = {
  'uber-eats': { path: /^\/v[12]\/eats\/order\/([\w-]{1,64})$/, orderOf: uberEatsOrder },
  keeta: { path: /^\/api\/open\/opendelivery\/v1\/orders\/([\w-]{1,64})$/, orderOf: keetaOrder },
}
const TOKEN_PREFIX = 'simulated-'
const TOKEN_SECONDS = 3_600
const MAX_FORM_BYTES = 4_096

/** Deterministic: who asks the same is answered the same, by every process. Any free port where none is given. */
export async function startPlatformApi(options: { readonly port?: number } = {}): Promise<SimulatedPlatformApi> {
  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  // A TCP server's address is an AddressInfo.
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Whether a platform's orders are to be asked for. */
export function hasPlatformApi(provider: ProviderName): boolean {
  return Object.hasOwn(ORDERS, provider)
}

/** The order at a path of any platform's API; undefined where there is none. */
export function orderAt(path: string): object | undefined {
  for (const { path: pattern, orderOf } of Object.values(ORDERS)) {
    const id = pattern.exec(path)?.[1]
    if (id !== undefined) return orderOf(id)
  }
  return undefined
}

/** What `PLATFORM_APIS` says for dispatch to ask here. */
export function platformApisOf({ url, host }: SimulatedPlatformApi): string {
  const here = { hosts: [host], tokenUrl: `${url}${TOKEN_PATH}` }
  return JSON.stringify(Object.fromEntries(Object.keys(ORDERS).map((provider) => [provider, here])))
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await answerTo(request)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function answerTo(request: IncomingMessage): Promise<{ readonly status: number; readonly body: object }> {
  const path = request.url ?? ''
  if (request.method === 'POST' && path === TOKEN_PATH) {
    const form = new URLSearchParams(await readForm(request))
    const [id, secret] = [form.get('client_id'), form.get('client_secret')]
    if (form.get('grant_type') !== 'client_credentials' || !id || !secret)
      return { status: 400, body: { error: 'invalid_request' } }
    const token = `${TOKEN_PREFIX}${hash('sha256', `${id}:${secret}`).slice(0, 32)}`
    const lifetime = { token_type: 'Bearer', expires_in: TOKEN_SECONDS }
    return { status: 200, body: { access_token: token, ...lifetime, scope: form.get('scope') ?? '' } }
  }
  const order = request.method === 'GET' ? orderAt(path) : undefined
  if (order === undefined) return { status: 404, body: { code: 'not_found' } }
  if (!request.headers.authorization?.startsWith(`Bearer ${TOKEN_PREFIX}`))
    return { status: 401, body: { code: 'unauthorized' } }
  return { status: 200, body: order }
}

async function readForm(request: IncomingMessage): Promise<string> {
  let form = ''
  for await (const chunk of request) {
    form += String(chunk)
    if (form.length > MAX_FORM_BYTES) throw new Error('The form is too long')
  }
  return form
}
