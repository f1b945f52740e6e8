import { generateKeyPairSync } from 'node:crypto'
import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createTestGraph, JWT_SECRET } from '../support/graph.js'
import { NOW } from '../support/memory-ports.js'

// Everything but the dashboard's own files and GraphiQL needs a token that we signed, that names a role and that ends.

const issuedAt = NOW.getTime() / 1_000
const key = (secret: string) => new TextEncoder().encode(secret)
const claims = (role: unknown = 'admin', alg = 'HS256') =>
  new SignJWT({ role }).setProtectedHeader({ alg }).setIssuedAt(issuedAt)
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()

const BAD_TOKENS: readonly (readonly [string, () => Promise<string> | string])[] = [
  ['none', () => ''],
  ['no JWT', () => 'Bearer let-me-in'],
  ['another scheme', () => `Basic ${Buffer.from('admin:admin').toString('base64')}`],
  ['alg none', () => `Bearer ${new UnsecuredJWT({ role: 'admin' }).setExpirationTime(issuedAt + 60).encode()}`],
  [
    'another secret',
    () =>
      claims()
        .setExpirationTime(issuedAt + 60)
        .sign(key('another-secret-0123456789-0123456789'))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'an expired one',
    () =>
      claims()
        .setExpirationTime(issuedAt - 60)
        .sign(key(JWT_SECRET))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'one that never ends',
    () =>
      claims()
        .sign(key(JWT_SECRET))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'one that is not valid yet',
    () =>
      claims()
        .setNotBefore(issuedAt + 60)
        .setExpirationTime(issuedAt + 120)
        .sign(key(JWT_SECRET))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'an unknown role',
    () =>
      claims('root')
        .setExpirationTime(issuedAt + 60)
        .sign(key(JWT_SECRET))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'no role',
    () =>
      claims(null)
        .setExpirationTime(issuedAt + 60)
        .sign(key(JWT_SECRET))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'another HMAC',
    () =>
      claims('admin', 'HS512')
        .setExpirationTime(issuedAt + 60)
        .sign(key(JWT_SECRET))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'RS256',
    () =>
      claims('admin', 'RS256')
        .setExpirationTime(issuedAt + 60)
        .sign(rsa.privateKey)
        .then((token) => `Bearer ${token}`),
  ],
  [
    'a public key as the secret',
    () =>
      claims()
        .setExpirationTime(issuedAt + 60)
        .sign(key(publicPem))
        .then((token) => `Bearer ${token}`),
  ],
  [
    'two tokens in one header',
    async () => `Bearer ${await createTestGraph().token()}, Bearer ${await createTestGraph().token()}`,
  ],
]

/** What describes the API tells nothing of anybody. */
const OPEN = ['/api/docs', '/api/openapi.json']

describe.each(BAD_TOKENS)('a request with the token: %s', (_, make) => {
  it('gets 401 on every guarded route, and changes nothing', async () => {
    const test = createTestGraph()
    const authorization = await make()
    const guarded = test.graph.routes.filter(
      ({ method, pattern }) =>
        method !== 'options' && !OPEN.includes(pattern) && (pattern.startsWith('/api/') || pattern === '/graphql'),
    )
    expect(guarded).toHaveLength(15)
    for (const { method, pattern } of guarded) {
      const path = pattern.replace(/:\w+/, 'c1')
      const { status, json } = await test.call(method === 'any' ? 'post' : method, path, {
        viewer: null,
        body: { query: '{ health { status } }' },
        headers: { authorization },
      })
      expect([path, status]).toEqual([path, 401])
      if (pattern === '/graphql') expect(json.errors[0].extensions.code).toBe('UNAUTHENTICATED')
      else expect(json.error.code).toBe('unauthorized')
    }
    expect([test.clients.size, test.retried.length, test.errors.length]).toEqual([0, 0, 0])
  })
})

describe.each([
  ['viewer', ['register', 'config', 'retry']],
  ['operator', ['register', 'config']],
] as const)('a %s', (role, forbidden) => {
  it.each(forbidden)('may not %s, by REST or GraphQL', async (action) => {
    const test = createTestGraph()
    const { rest, graphql } = ACTIONS[action]
    const answer = await test.call(rest.method, rest.path, { viewer: { role }, body: rest.body })
    expect([answer.status, answer.json.error.code]).toEqual([403, 'forbidden'])
    expect((await test.graphql(graphql, undefined, { role })).codes).toEqual(['FORBIDDEN'])
  })
})

const ACTIONS = {
  register: {
    rest: {
      method: 'post',
      path: '/api/webhooks/register',
      body: { clientId: 'c1', provider: 'jahez', url: 'https://pos.example.com', events: ['*'] },
    },
    graphql:
      'mutation { registerWebhook(input: { clientId: "c1", provider: JAHEZ, url: "https://pos.example.com", events: ["*"] }) { url } }',
  },
  config: {
    rest: { method: 'put', path: '/api/webhooks/config/c1', body: {} },
    graphql: 'mutation { updateConfig(clientId: "c1", input: {}) { clientId } }',
  },
  retry: {
    rest: { method: 'post', path: '/api/webhooks/retry/evt_1', body: '' },
    graphql: 'mutation { retryLog(id: "evt_1") { success } }',
  },
} as const
