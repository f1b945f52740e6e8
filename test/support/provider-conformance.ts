import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InboundCredentials } from '../../src/domain/client.js'
import { orderSchema } from '../../src/domain/order.js'
import type { ProviderAdapter } from '../../src/providers/adapter.js'
import type { JwtScheme } from '../../src/providers/signature/jwt.js'
import {
  arrivalOf,
  envelopeOf,
  FIXTURES,
  resourceFor,
  SAMPLE_CLIENT,
  SAMPLE_RECEIVED_AT,
  samplesOf,
} from './provider-samples.js'

const NOW = Date.parse(SAMPLE_RECEIVED_AT)
const CREDENTIALS: InboundCredentials = { secretKey: 'a-secret-of-some-length', apiKey: 'an-api-key' }
const CONTEXT = { clientId: SAMPLE_CLIENT, eventId: 'evt_1', receivedAt: SAMPLE_RECEIVED_AT }

type Headers = Readonly<Record<string, string>>

export function verifyWith(
  adapter: ProviderAdapter,
  body: Uint8Array,
  headers: Headers,
  given: { readonly credentials?: InboundCredentials; readonly nowMs?: number } = {},
) {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return adapter.verify(
    {
      header: (name) => lower.get(name),
      body,
      query: '',
      clientId: SAMPLE_CLIENT,
      nowMs: given.nowMs ?? NOW,
    },
    given.credentials ?? CREDENTIALS,
    { signatureValidation: true },
  )
}

/** What every provider must hold to, whatever its table says; `root` is where its fixtures are. */
export function conformance(adapter: ProviderAdapter, root = FIXTURES): void {
  const samples = samplesOf(adapter, root)
  const body = samples[0]?.body ?? Buffer.from('{}')
  const sign = (bytes: Uint8Array = body, nowMs = NOW) =>
    adapter.sign(bytes, CREDENTIALS, { clientId: SAMPLE_CLIENT, nowMs })
  const { schemes } = adapter.table
  const hmac = schemes.find((scheme) => scheme.kind === 'hmac')
  const jwt = schemes.find((scheme) => scheme.kind === 'jwt')

  describe(`${adapter.title} (${adapter.name}, ${adapter.profile}): who sent it`, () => {
    it('has samples', () => expect(samples.length).toBeGreaterThan(0))

    it('verifies what it signs, whatever the case of the headers', () => {
      for (const each of samples) {
        const headers = Object.entries(sign(each.body))
        expect(verifyWith(adapter, each.body, Object.fromEntries(headers))).toMatchObject({ ok: true })
        const upper = headers.map(([name, value]) => [name.toUpperCase(), value])
        expect(verifyWith(adapter, each.body, Object.fromEntries(upper))).toMatchObject({ ok: true })
      }
    })

    it(hmac ? 'refuses a body with any one byte changed' : 'takes any body: its proof covers only the sender', () => {
      const headers = sign()
      for (let index = 0; index < body.length; index += 1) {
        const changed = Buffer.from(body)
        changed[index] = (changed[index] ?? 0) ^ 1
        const result = verifyWith(adapter, changed, headers)
        if (result.ok !== (hmac === undefined))
          expect(result, `byte ${index}`).toMatchObject({ ok: hmac === undefined })
      }
    })

    it('refuses a header that is missing, empty, doubled, cut, lengthened or of another alphabet', () => {
      const headers = sign()
      for (const [name, value] of Object.entries(headers)) {
        const { [name]: _, ...without } = headers
        expect(verifyWith(adapter, body, without), name).toMatchObject({ ok: false, code: 'missing_credentials' })
        const wrong = [
          '',
          `${value}, ${value}`,
          `${value},${value}`,
          value.slice(0, -1),
          `${value}x`,
          'zz',
          '☃',
          'f'.repeat(9_999),
        ]
        for (const other of wrong)
          expect(verifyWith(adapter, body, { ...headers, [name]: other }), `${name}: ${other}`).toMatchObject({
            ok: false,
          })
      }
    })

    it("refuses another's secret, and everybody where no secret is set", () => {
      const headers = sign()
      expect(
        verifyWith(adapter, body, headers, { credentials: { secretKey: 'another', apiKey: 'another' } }),
      ).toMatchObject({
        ok: false,
        code: 'invalid_signature',
      })
      expect(verifyWith(adapter, body, headers, { credentials: { secretKey: '', apiKey: '' } })).toMatchObject({
        ok: false,
      })
    })

    if (hmac?.timestamp) {
      const { toleranceMs } = hmac.timestamp
      it.each([-1, 1])('refuses a time beyond the tolerance (%i)', (direction) => {
        const at = (ms: number) => verifyWith(adapter, body, sign(body, NOW + direction * ms))
        expect(at(toleranceMs)).toMatchObject({ ok: true })
        expect(at(toleranceMs + 1_000)).toMatchObject({ ok: false, code: 'stale_timestamp' })
      })
    }
    if (jwt) tokens(adapter, jwt, body)
  })

  describe(`${adapter.title} (${adapter.name}, ${adapter.profile}): what it says`, () => {
    it.each(samples)('reads $file as one of its events, with a valid order', (sample) => {
      const envelope = envelopeOf(adapter, sample)
      const normalised = adapter.normalise(envelope, { ...CONTEXT, resource: resourceFor(adapter) })
      expect(normalised.type).not.toBe('unknown')
      if (normalised.data.order !== undefined) {
        expect(orderSchema.safeParse(normalised.data.order).error).toBeUndefined()
        expect(normalised.data.order.totalsCheck).toBe('ok')
      }
    })

    it.each(samples)('tells a resend of $file by its content alone', (sample) => {
      const key = (receivedAt: string) => {
        const parsed = adapter.parse(arrivalOf(sample, { receivedAt }))
        return parsed.ok ? adapter.dedupeKeyOf(parsed.envelope) : 'refused'
      }
      const counted = Object.values(adapter.table.events).some(({ dedupe }) => dedupe.includes('@receivedAt'))
      const [first, later] = [key(SAMPLE_RECEIVED_AT), key('2026-03-14T18:00:00.000Z')]
      if (!counted || first === later) expect(first).toBe(later)
      else expect(first).toContain(SAMPLE_RECEIVED_AT)
    })

    it('calls an unknown event unknown, and keeps it by its bytes', () => {
      const { at, sample } = eventNamePlace(adapter, samples)
      if (sample === undefined) return expect(adapter.endpoints.every(({ event }) => event !== undefined)).toBe(true)
      const envelope = { ...envelopeOf(adapter, sample), eventType: 'constructor' }
      expect(at).not.toBe('')
      expect(adapter.normalise(envelope, CONTEXT)).toEqual({ type: 'unknown', data: {} })
      expect(adapter.dedupeKeyOf(envelope)).toMatch(/^sha256:[0-9a-f]{64}$/)
    })

    it('never throws, and never makes an order that breaks the model, whatever is in a sample', () => {
      fc.assert(
        fc.property(fc.constantFrom(...samples), fc.infiniteStream(fc.nat()), strange, (sample, luck, values) => {
          const draw = (): number => luck.next().value ?? 0
          const changed = mutate(JSON.parse(sample.body.toString()), draw, values)
          const parsed = adapter.parse(arrivalOf(sample, { body: Buffer.from(JSON.stringify(changed)) }))
          if (!parsed.ok) return
          expect(adapter.dedupeKeyOf(parsed.envelope)).not.toBe('')
          const resource = mutate(resourceFor(adapter), draw, values)
          const { data } = adapter.normalise(parsed.envelope, { ...CONTEXT, resource })
          adapter.answer?.(parsed.envelope, { ...CONTEXT, processedAt: SAMPLE_RECEIVED_AT, duplicate: false })
          if (data.order !== undefined) expect(orderSchema.safeParse(data.order).error).toBeUndefined()
        }),
        { numRuns: 300 },
      )
    })
  })
}

/** Values that platforms must not send, and do. */
const strange = fc.array(
  fc.oneof(
    fc.constantFrom<unknown>(
      null,
      -1,
      0,
      1e308,
      -1e308,
      1.5,
      '12.345',
      '-3',
      '1e308',
      '',
      'XXX',
      'constructor',
      '__proto__',
    ),
    fc.constantFrom<unknown>([], {}, [null], true, '9999-99-99T99:99:99Z', '0000-01-01T00:00:00+14:00', '٣٫٥'),
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
  ),
  { minLength: 1, maxLength: 4 },
)

/** The same JSON with one value in about twelve replaced or left out. */
function mutate(value: unknown, draw: () => number, values: readonly unknown[]): unknown {
  if (draw() % 12 === 0) return values[draw() % values.length]
  if (Array.isArray(value)) return value.map((each) => mutate(each, draw, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(() => draw() % 20 !== 0)
      .map(([name, each]) => [name, mutate(each, draw, values)]),
  )
}

/** Where the body names the event; no sample where only paths do. */
function eventNamePlace({ table, endpoints }: ProviderAdapter, samples: ReturnType<typeof samplesOf>) {
  const named = endpoints.some(({ event }) => event === undefined)
  return { at: table.envelope === 'spec' ? 'event_type' : 'eventType', sample: named ? samples[0] : undefined }
}

function tokens(adapter: ProviderAdapter, { header, algorithm, claims }: JwtScheme, body: Uint8Array): void {
  const seconds = NOW / 1_000
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const token = (payload: object, options: { alg?: string; secret?: string } = {}): Headers => {
    const signed = `${encode({ alg: options.alg ?? algorithm, typ: 'JWT' })}.${encode(payload)}`
    const mac = createHmac(algorithm === 'HS512' ? 'sha512' : 'sha256', options.secret ?? CREDENTIALS.secretKey)
    return { [header]: `Bearer ${signed}.${mac.update(signed).digest('base64url')}` }
  }
  const good = { ...claims, iat: seconds, exp: seconds + 60 }
  const unsigned = `${encode({ alg: 'none' })}.${encode(good)}`

  it.each([
    ['without a signature and alg none', { [header]: `Bearer ${unsigned}.` }, 'invalid_signature'],
    ['of two parts', { [header]: `Bearer ${unsigned}` }, 'invalid_signature'],
    ['that names alg none and is signed all the same', token(good, { alg: 'none' }), 'invalid_signature'],
    ['that names another algorithm', token(good, { alg: 'HS384' }), 'invalid_signature'],
    ['with another secret', token(good, { secret: 'another' }), 'invalid_signature'],
    [
      'with a wrong claim',
      token({ ...good, ...Object.fromEntries(Object.keys(claims).map((name) => [name, 'x'])) }),
      'invalid_signature',
    ],
    ['without its claims', token({ exp: seconds + 60 }), 'invalid_signature'],
    ['that is expired', token({ ...good, exp: seconds - 61 }), 'stale_timestamp'],
    ['whose end is no number', token({ ...good, exp: 'later' }), 'stale_timestamp'],
    ['that is not valid yet', token({ ...good, nbf: seconds + 61 }), 'stale_timestamp'],
  ])('refuses a token %s', (_, headers, code) => {
    expect(verifyWith(adapter, body, headers)).toMatchObject({ ok: false, code })
  })

  it('takes a good one', () => expect(verifyWith(adapter, body, token(good))).toMatchObject({ ok: true }))
}
