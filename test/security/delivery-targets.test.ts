import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/processors/deliver/http-client.js'
import { classifyAddress } from '../../src/processors/deliver/target-address.js'

// Whoever registers a webhook chooses where we connect to. They may choose the public internet, and nothing else.

type Delivered = { readonly host: string | undefined; readonly servername: string | null; readonly body: string }

/** A server on loopback that counts what reaches it. */
type Inside = {
  readonly port: number
  readonly delivered: Delivered[]
  /** Connections so far, without the one made to ask: the backlog is taken in order, so nothing earlier is still on its way. */
  connections(): Promise<number>
}

const closers: (() => Promise<unknown>)[] = []
let server: Inside
beforeEach(async () => {
  server = await listen(createServer())
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(closers.splice(0).map((close) => close()))
})

describe('a delivery to a forbidden target', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1 is a loopback address'],
    ['2130706433', '127.0.0.1 is a loopback address'],
    ['0x7f.1', '127.0.0.1 is a loopback address'],
    ['0177.0.0.1', '127.0.0.1 is a loopback address'],
    ['127.1', '127.0.0.1 is a loopback address'],
    ['127.0.0.1.', '127.0.0.1 is a loopback address'],
    ['①②⑦.0.0.1', '127.0.0.1 is a loopback address'],
    ['%31%32%37.0.0.1', '127.0.0.1 is a loopback address'],
    ['user@127.0.0.1', '127.0.0.1 is a loopback address'],
    ['0', '0.0.0.0 is an unspecified address'],
    ['[::]', ':: is an unspecified address'],
    ['[::1]', '::1 is a loopback address'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1 is an IPv4-mapped address'],
    ['[64:ff9b::7f00:1]', '64:ff9b::7f00:1 is a NAT64 address'],
    ['[2002:7f00:1::]', '2002:7f00:1:: is a 6to4 address'],
    ['10.0.0.5', '10.0.0.5 is a private address'],
    ['169.254.169.254', '169.254.169.254 is a cloud metadata address'],
  ])('written as %s fails, saying why, and connects nowhere', async (host, why) => {
    const http = client({ resolve: neverAsked })
    for (const scheme of ['http', 'https']) {
      expect(await post(http, `${scheme}://${host}:${server.port}/`)).toEqual({
        statusCode: null,
        body: null,
        error: `TARGET_REFUSED: target ${why} (ALLOW_PRIVATE_TARGETS is off)`,
        responseTimeMs: expect.any(Number),
        retryAfterMs: null,
      })
    }
    expect(await server.connections()).toBe(0)
  })

  it.each([
    ['one', ['127.0.0.1'], 'a loopback address'],
    ['a bad one behind a good one', ['1.1.1.1', '127.0.0.1'], 'a loopback address'],
    ['a bad one before a good one', ['::1', '2606:4700::1111'], 'a loopback address'],
    ['a mapped one', ['::ffff:127.0.0.1'], 'an IPv4-mapped address'],
    ['an internal one', ['10.0.0.5'], 'a private address'],
    ['nonsense', ['0x7f.1'], 'not a plain IP address'],
  ])('by a name that resolves to %s fails, and does not tell the address', async (_, addresses, what) => {
    const http = client({ resolve: async () => addresses })
    expect((await post(http, `https://pos.example:${server.port}/`)).error).toBe(
      `TARGET_REFUSED: target pos.example resolves to ${what} (ALLOW_PRIVATE_TARGETS is off)`,
    )
    expect(await server.connections()).toBe(0)
  })

  it("by a name of this machine's own fails with the system's resolver too", async () => {
    expect((await post(client({}), `https://localhost:${server.port}/`)).error).toContain(
      'localhost resolves to a loopback address',
    )
    expect(await server.connections()).toBe(0)
  })

  it.each([
    ['http://pos.example/', 'pos.example is not reached by https'],
    ['http://pos.example:8443/', 'pos.example is not reached by https'],
    ['https://pos.example:22/', 'port 22 is neither 443 nor above 1023'],
    ['https://pos.example:80/', 'port 80 is neither 443 nor above 1023'],
    ['https://pos.example:0/', 'port 0 is neither 443 nor above 1023'],
    ['https://pos.example:1023/', 'port 1023 is neither 443 nor above 1023'],
    ['https://pos.example:2375/', 'port 2375 belongs to Docker'],
    ['https://pos.example:6379/', 'port 6379 belongs to Redis'],
    ['https://pos.example:27017/', 'port 27017 belongs to MongoDB'],
    ['https://1.1.1.1:11211/', 'port 11211 belongs to memcached'],
  ])('%s is refused before its name is looked up', async (url, why) => {
    expect((await post(client({ resolve: neverAsked }), url)).error).toContain(`TARGET_REFUSED: target ${why}`)
  })

  it.each([
    'https://pos.example/',
    'https://pos.example:443/',
    'https://pos.example:8443/',
    'https://pos.example:1024/',
  ])('%s is no such target: its name is looked up', async (url) => {
    const asked: string[] = []
    const http = client({
      resolve: async (hostname) => {
        asked.push(hostname)
        return ['10.0.0.5']
      },
    })
    await post(http, url)
    expect(asked).toEqual(['pos.example'])
  })

  it.each([
    ['has no address', async () => [], 'pos.example has no address'],
    ['cannot be resolved', async () => Promise.reject(new Error('the resolver is away')), 'the resolver is away'],
    ['is resolved by something that rejects with nothing', async () => Promise.reject(undefined), 'undefined'],
  ])('whose name %s is a failed attempt', async (_, resolve, error) => {
    expect(await post(client({ resolve }), 'https://pos.example/')).toMatchObject({ statusCode: null, error })
  })

  it('by a name none of whose addresses answers tells what became of each', async () => {
    const http = client({ allowPrivateTargets: true, resolve: async () => ['127.0.0.1', '::1'] })
    expect((await post(http, 'http://pos.example:1/')).error).toMatch(/ECONNREFUSED.* 127\.0\.0\.1:1.*::1:1/)
  })

  it.each(['nonsense', 'ftp://pos.example/', 'file:///etc/passwd', 'https://'])(
    'that is no web address (%s) is a failed attempt',
    async (url) => {
      expect(await post(client({ resolve: neverAsked }), url)).toMatchObject({
        statusCode: null,
        error: expect.stringMatching(/./),
      })
    },
  )

  it('goes through where private targets are allowed, to any port, by http, and under its own name', async () => {
    const http = client({ allowPrivateTargets: true, resolve: async () => ['127.0.0.1'] })
    const hosts = [`pos.example:${server.port}`, `127.0.0.1:${server.port}`]
    for (const host of hosts)
      expect(await post(http, `http://${host}/`)).toMatchObject({ statusCode: 200, error: null })
    expect(server.delivered.map(({ host, body }) => [host, body])).toEqual(hosts.map((host) => [host, 'an order']))
  })
})

describe('a name that rebinds', () => {
  /** Takes 127.0.0.1 for an address of the public internet, so that a test can have one. */
  const loopbackIsPublic: HttpClientOptions['classify'] = (address) =>
    address === '127.0.0.1' ? { allowed: true } : classifyAddress(address)

  it('between check and connect is asked once, and gets the address that was checked', async () => {
    const checked = await listen(createHttpsServer(certificate()))
    const answers = rebinding(['127.0.0.1'], ['127.0.0.2'])
    const http = client({ resolve: answers.resolve, classify: loopbackIsPublic })
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    expect(await post(http, `https://pos.example:${checked.port}/`)).toMatchObject({ statusCode: 200, error: null })
    expect(checked.delivered).toEqual([
      { host: `pos.example:${checked.port}`, servername: 'pos.example', body: 'an order' },
    ])
    expect(answers.asked()).toBe(1)
  })

  it('between attempts is refused as soon as it needs a new connection', async () => {
    const checked = await listen(createHttpsServer(certificate()), { connection: 'close' })
    const answers = rebinding(['127.0.0.1'], ['10.0.0.5'], ['127.0.0.1', '::1'], ['127.0.0.1'])
    const http = client({ resolve: answers.resolve, classify: loopbackIsPublic })
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const errors: (string | null)[] = []
    for (let attempt = 1; attempt <= 4; attempt++)
      errors.push((await post(http, `https://pos.example:${checked.port}/`)).error)
    expect(errors).toEqual([
      null,
      expect.stringContaining('pos.example resolves to a private address'),
      expect.stringContaining('pos.example resolves to a loopback address'),
      null,
    ])
    expect([checked.delivered.length, await checked.connections()]).toEqual([2, 2])
  })

  it('to a server that cannot prove the name gets no delivery', async () => {
    const other = await listen(createHttpsServer(certificate()))
    const http = client({ resolve: async () => ['127.0.0.1'], classify: loopbackIsPublic })
    expect(await post(http, `https://pos.example:${other.port}/`)).toMatchObject({
      statusCode: null,
      error: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    })
    expect(other.delivered).toEqual([])
  })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('by %i to a private address is an answer, and is not followed', async (status) => {
    const location = `http://127.0.0.1:${server.port}/internal`
    const redirecting = await listen(createServer(), { location }, status)
    const http = client({ allowPrivateTargets: true })
    expect(await post(http, `http://127.0.0.1:${redirecting.port}/`)).toMatchObject({ statusCode: status, error: null })
    expect([redirecting.delivered.length, await server.connections()]).toEqual([1, 0])
  })
})

function client(options: Partial<HttpClientOptions>): HttpClient {
  const http = createHttpClient({ timeoutMs: 5_000, allowPrivateTargets: false, ...options })
  closers.push(() => http.close())
  return http
}

function post(http: HttpClient, url: string) {
  return http.post({ url, headers: {}, body: 'an order' })
}

async function neverAsked(hostname: string): Promise<never> {
  throw new Error(`${hostname} was looked up`)
}

/** A resolver that gives one answer after the other, and the last for ever. */
function rebinding(...answers: readonly (readonly string[])[]) {
  let asked = 0
  return {
    asked: () => asked,
    resolve: async (): Promise<readonly string[]> => answers[Math.min(asked++, answers.length - 1)] ?? [],
  }
}

async function listen(http: HttpServer, headers: Record<string, string> = {}, status = 200): Promise<Inside> {
  const delivered: Delivered[] = []
  const connections = countConnections(http)
  http.on('request', async (request: IncomingMessage, answer) => {
    const { servername } = request.socket as Partial<TLSSocket> // A plain socket has none.
    const body = Buffer.concat(await request.toArray()).toString()
    delivered.push({ host: request.headers.host, servername: servername || null, body })
    answer.writeHead(status, headers).end()
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    http.closeAllConnections()
    return new Promise((resolve) => http.close(resolve))
  })
  const { port } = http.address() as AddressInfo // It listens on TCP.
  return { port, delivered, connections: () => connections(port) }
}

function countConnections(listening: Server): (port: number) => Promise<number> {
  const peers: (number | undefined)[] = []
  const taken = new EventTarget()
  listening.on('connection', ({ remotePort }) => {
    peers.push(remotePort)
    taken.dispatchEvent(new Event(String(remotePort)))
  })
  return async (port) => {
    const probe = connect(port, '127.0.0.1')
    await new Promise((resolve) => probe.once('connect', resolve))
    const own = probe.localPort
    if (!peers.includes(own))
      await new Promise((resolve) => taken.addEventListener(String(own), resolve, { once: true }))
    probe.destroy()
    peers.splice(peers.indexOf(own), 1)
    return peers.length
  }
}

/** A self-signed certificate for nobody in particular (X.509 v1, RFC 5280 §4.1): enough to shake hands with. */
function certificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const nobody = sequence()
  const signed = sequence(
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    nobody,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    nobody,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  return { key: pem(privateKey), cert: certificatePem(signed, sign('sha256', signed, privateKey)) }
}

const ECDSA_WITH_SHA256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))

function certificatePem(signed: Buffer, signature: Buffer): string {
  const whole = sequence(signed, ECDSA_WITH_SHA256, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
