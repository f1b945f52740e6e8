import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../src/graph/auth.js'

// Tokens of somebody else's identity provider: its keys are read once, and again when it signs with a new one.

type Key = { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: object }
const SECRET = 'a-secret-of-the-tests-0123456789-0123456789'
let server: Server
let url: string
let keys: Key[] = []
let reads = 0

async function makeKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}

function sign(key: Key, claims: Record<string, unknown> = {}): Promise<string> {
  const all = {
    role: 'operator',
    client: 'c1',
    sub: 'ada',
    iss: 'https://idp.example.com',
    aud: 'orderwire',
    ...claims,
  }
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid })
    .setExpirationTime('1h')
    .sign(key.privateKey)
    .then((token) => `Bearer ${token}`)
}

beforeAll(async () => {
  keys = [await makeKey('one')]
  server = createServer((_, response) => {
    reads += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
})
afterAll(() => void server.close())

const authenticator = () =>
  createAuthenticator({
    secret: SECRET,
    jwksUrl: url,
    issuer: 'https://idp.example.com',
    audience: 'orderwire',
    now: () => new Date(),
  })

describe('a token of the key set', () => {
  it('says who calls; its keys are read once', async () => {
    const authenticate = authenticator()
    const before = reads
    const [key] = keys
    if (key === undefined) throw new Error('there is a key')
    for (let n = 0; n < 5; n += 1)
      expect(await authenticate(await sign(key))).toMatchObject({ role: 'operator', client: 'c1', subject: 'ada' })
    expect(reads - before).toBe(1)
  })

  it('may be signed with a key that is new since', async () => {
    const authenticate = createAuthenticator({ secret: SECRET, jwksUrl: url, now: () => new Date() })
    const rotated = await makeKey('two')
    keys = [...keys, rotated]
    expect(await authenticate(await sign(rotated))).toMatchObject({ role: 'operator' })
  })

  it.each([
    ['of another issuer', { iss: 'https://evil.example.com' }],
    ['for another audience', { aud: 'somebody-else' }],
    ['of an unknown role', { role: 'root' }],
  ])('%s is refused', async (_, claims) => {
    const [key] = keys
    if (key === undefined) throw new Error('there is a key')
    await expect(authenticator()(await sign(key, claims))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('signed with a key that is not in the set is refused', async () => {
    const stranger = { ...(await makeKey('one')), kid: 'one' }
    await expect(authenticator()(await sign(stranger))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('cannot be a token of ours signed with a public key as the secret', async () => {
    const [key] = keys
    const forged = await new SignJWT({ role: 'admin' })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(JSON.stringify(key?.jwk)))
    await expect(authenticator()(`Bearer ${forged}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

it('a key set that is away is told as such, and our own tokens still hold', async () => {
  const authenticate = createAuthenticator({
    secret: SECRET,
    jwksUrl: 'http://127.0.0.1:9/jwks.json',
    now: () => new Date(),
  })
  const [key] = keys
  if (key === undefined) throw new Error('there is a key')
  await expect(authenticate(await sign(key))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  const own = await new SignJWT({ role: 'viewer' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))
  expect(await authenticate(`Bearer ${own}`)).toMatchObject({ role: 'viewer' })
})
