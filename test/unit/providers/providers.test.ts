import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProviderAdapter } from '../../../src/providers/adapter.js'
import { POST_HERE } from '../../../src/providers/endpoint.js'
import type { Envelope } from '../../../src/providers/envelope.js'
import { adapterFor, providers } from '../../support/providers.js'

const NOW = 1_773_507_912_000
const RECEIVED_AT = new Date(NOW).toISOString()
const CREDENTIALS = { secretKey: 'a-secret', apiKey: 'an-api-key' }
const CONTEXT = { clientId: 'client_test', eventId: 'evt_1', receivedAt: RECEIVED_AT }

const fixture = (file: string): Buffer => readFileSync(new URL(`../../fixtures/${file}`, import.meta.url))
type Vector = { name: string; file: string; secret: string; headers: Record<string, string>; basis: string }
const vectors: Vector[] = JSON.parse(fixture('signatures.json').toString()).vectors.filter(
  ({ basis }: Vector) => basis === 'spec',
)

function adapterOf(file: string): ProviderAdapter {
  const adapter = providers.adapters.find(({ name, profile }) => file.startsWith(`${name}/${profile}/`))
  if (adapter === undefined) throw new Error(`no adapter for ${file}`)
  return adapter
}

function verify(
  adapter: ProviderAdapter,
  body: Uint8Array,
  headers: Record<string, string>,
  options: { nowMs?: number; secret?: string; apiKey?: string; signatureValidation?: boolean } = {},
) {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const credentials = {
    secretKey: options.secret ?? CREDENTIALS.secretKey,
    apiKey: options.apiKey ?? CREDENTIALS.apiKey,
  }
  const request = {
    header: (name: string) => lower.get(name),
    body,
    query: '',
    clientId: 'client_test',
    nowMs: options.nowMs ?? NOW,
  }
  return adapter.verify(request, credentials, { signatureValidation: options.signatureValidation ?? true })
}

const parse = (adapter: ProviderAdapter, body: Uint8Array) =>
  adapter.parse({ endpoint: POST_HERE[0], params: {}, body, receivedAt: RECEIVED_AT })

function envelopeOf(adapter: ProviderAdapter, body: Uint8Array): Envelope {
  const parsed = parse(adapter, body)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.envelope
}

describe.each(vectors)('the vector $name', ({ file, secret, headers }) => {
  const adapter = adapterOf(file)
  const body = fixture(file)
  const secretKey = secret === '-' ? (Object.values(headers)[0] ?? '').replace('Bearer ', '') : secret
  const given = { secret: secretKey, apiKey: 'test-api-key' }

  it('verifies at its time', () => {
    expect(verify(adapter, body, headers, given)).toMatchObject({ ok: true })
  })

  it('is refused with any one byte of a signed body changed', () => {
    if (!Object.keys(headers).some((name) => /signature|hmac/i.test(name)))
      return expect(verify(adapter, body, headers, given)).toMatchObject({ ok: true })
    for (let index = 0; index < body.length; index += 1) {
      const changed = Buffer.from(body)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(verify(adapter, changed, headers, given)).toMatchObject({ ok: false, code: 'invalid_signature' })
    }
  })

  it('is refused with a header missing, empty, doubled, shortened or of another alphabet', () => {
    for (const name of Object.keys(headers)) {
      const value = headers[name] ?? ''
      const { [name]: _, ...without } = headers
      expect(verify(adapter, body, without, given)).toMatchObject({ ok: false, code: 'missing_credentials' })
      for (const wrong of [
        '',
        `${value}, ${value}`,
        value.slice(0, -1),
        `${value}x`,
        '☃',
        'zz',
        `${'f'.repeat(10_000)}`,
      ]) {
        expect(
          verify(adapter, body, { ...headers, [name]: wrong }, given),
          `${name}: ${wrong.slice(0, 20)}`,
        ).toMatchObject({ ok: false })
      }
    }
  })

  it('is refused where no secret is set', () => {
    expect(verify(adapter, body, headers, { secret: '', apiKey: '' })).toMatchObject({ ok: false })
  })
})

describe.each(providers.adapters.filter(({ profile }) => profile === 'spec'))(
  '$title in profile $profile',
  (adapter) => {
    const body = Buffer.from('{"event_type":"x","timestamp":"2026-01-01T00:00:00Z","data":{}}')

    it('verifies what it signs', () => {
      const headers = adapter.sign(body, CREDENTIALS, { clientId: 'client_test', nowMs: NOW })
      expect(verify(adapter, body, headers)).toMatchObject({ ok: true })
      expect(verify(adapter, body, headers, { secret: 'another', apiKey: 'another' })).toMatchObject({
        ok: false,
        code: 'invalid_signature',
      })
    })

    it('never throws on any JSON, and calls what it cannot read unknown', () => {
      const names = [...Object.keys(adapter.events), 'constructor', '__proto__', 'order.created']
      fc.assert(
        fc.property(
          fc.constantFrom(...names),
          fc.dictionary(fc.constantFrom('order', 'menu', 'status', 'action', 'event', 'x'), fc.jsonValue()),
          (eventType, data) => {
            const body = JSON.stringify({ event_type: eventType, timestamp: '2026-01-01T00:00:00Z', data })
            const parsed = parse(adapter, Buffer.from(body))
            if (!parsed.ok) throw new Error(JSON.stringify(parsed))
            expect(adapter.dedupeKeyOf(parsed.envelope)).not.toBe('')
            expect(typeof adapter.normalise(parsed.envelope, CONTEXT).type).toBe('string')
          },
        ),
        { numRuns: 300 },
      )
    })

    it.each([
      ['no JSON', 'nope', 'invalid_json'],
      ['a byte-order mark', '\ufeff{}', 'invalid_json'],
      ['another shape', '[]', 'invalid_payload'],
      [
        'an event type with a line break',
        '{"event_type":"a\\nb","timestamp":"2026-01-01T00:00:00Z","data":{}}',
        'invalid_payload',
      ],
      ['a date that is none', '{"event_type":"a","timestamp":"2026-02-31T99:00:00Z","data":{}}', 'invalid_payload'],
      ['nesting of 65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, 'invalid_payload'],
    ])('refuses %s', (_, text, code) => {
      expect(parse(adapter, Buffer.from(text))).toMatchObject({ ok: false, code })
    })

    it('does not mistake brackets in a text for nesting', () => {
      const text = JSON.stringify({
        event_type: 'a',
        timestamp: '2026-01-01T00:00:00Z',
        data: { note: `${'[{"\\'.repeat(500)}` },
      })
      expect(parse(adapter, Buffer.from(text))).toMatchObject({ ok: true })
    })
  },
)

describe('Careem timestamps', () => {
  const careem = adapterFor('careem', 'spec')
  const body = Buffer.from('{}')
  const sign = (nowMs: number) => careem.sign(body, CREDENTIALS, { clientId: 'client_test', nowMs })

  it.each([
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
  ])('%i seconds off is accepted: %s', (offset, accepted) => {
    expect(verify(careem, body, sign(NOW + offset * 1_000))).toMatchObject(
      accepted ? { ok: true } : { ok: false, code: 'stale_timestamp' },
    )
  })

  it('may be in milliseconds', async () => {
    const { createHmac } = await import('node:crypto')
    const signature = createHmac('sha256', CREDENTIALS.secretKey).update(`${NOW}.`).update(body).digest('hex')
    const headers = { ...sign(NOW), 'X-Careem-Timestamp': String(NOW), 'X-Careem-Signature': signature }
    expect(verify(careem, body, headers)).toMatchObject({ ok: true })
    expect(verify(careem, body, headers, { nowMs: NOW + 301_000 })).toMatchObject({ code: 'stale_timestamp' })
  })

  it('tells a forged stale request that it is forged', () => {
    expect(verify(careem, body, { ...sign(NOW - 999_000), 'X-Careem-Signature': 'a'.repeat(64) })).toMatchObject({
      code: 'invalid_signature',
    })
  })
})

describe('signatureValidation off', () => {
  it('still asks Careem for its bearer', () => {
    const careem = adapterFor('careem', 'spec')
    const body = Buffer.from('{}')
    const {
      'X-Careem-Signature': _,
      'X-Careem-Timestamp': __,
      ...statics
    } = careem.sign(body, CREDENTIALS, { clientId: 'client_test', nowMs: NOW })
    expect(verify(careem, body, statics, { signatureValidation: false })).toMatchObject({ ok: true, auth: 'bearer' })
    expect(
      verify(careem, body, { ...statics, Authorization: 'Bearer no' }, { signatureValidation: false }),
    ).toMatchObject({ ok: false })
  })

  it('changes nothing where the signature is the only proof', () => {
    const deliveroo = adapterFor('deliveroo', 'spec')
    expect(verify(deliveroo, Buffer.from('{}'), {}, { signatureValidation: false })).toMatchObject({
      ok: false,
      code: 'missing_credentials',
    })
  })
})

describe('the canonical order of each fixture', () => {
  const dataOf = (file: string) => {
    const adapter = adapterOf(file)
    return adapter.normalise(envelopeOf(adapter, fixture(file)), CONTEXT)
  }

  it.each(vectors.map(({ file }) => file))('%s is the same as ever', (file) => {
    expect(dataOf(file)).toMatchSnapshot()
  })

  it('reads KWD 7.250 as 7250, from decimal text, and checks the sum', () => {
    const { data } = dataOf('talabat/spec/order_notification.json')
    expect(data.order?.totals.grandTotal).toEqual({ amount: 7250, currency: 'KWD' })
    expect(data.order?.totalsCheck).toBe('ok')
    expect(data.order?.lines[1]?.name).toBe('لبن عيران')
  })

  it("agrees with the documented canonical sample for Talabat's order", () => {
    const sample = JSON.parse(fixture('canonical/order.created.json').toString()).order
    const order = dataOf('talabat/spec/order_notification.json').data.order
    expect(order?.lines.map(({ total }) => total)).toEqual(sample.lines.map(({ total }: { total: object }) => total))
    expect(order).toMatchObject({
      storeRef: sample.store_ref,
      externalId: sample.external_id,
      status: sample.status,
      service: sample.service,
      deliveredBy: sample.delivered_by,
      customer: { name: sample.customer.name, phone: { e164: sample.customer.phone.e164 }, email: null },
      note: sample.note,
      payment: sample.payment,
      totalsCheck: sample.totals_check,
    })
  })

  it('adds a modifier once per line, as Careem charges it', () => {
    const { data } = dataOf('careem/spec/order.created.json')
    expect(data.order?.lines[0]?.total).toEqual({ amount: 4100, currency: 'AED' })
    expect(data.order?.totalsCheck).toBe('ok')
    expect(data.change).toEqual({
      orderExternalId: 'careem_order_88213407',
      orderId: null,
      to: 'accepted',
      reason: null,
    })
  })

  it('names why Careem cancelled', () => {
    expect(dataOf('careem/spec/order.cancelled.json')).toMatchObject({
      type: 'order.status_changed',
      data: { change: { to: 'cancelled', reason: 'Chicken sold out' } },
    })
  })
})

describe('identity', () => {
  it('is the same for a resend and another for another status', () => {
    const careem = adapterFor('careem', 'spec')
    const key = (file: string) => careem.dedupeKeyOf(envelopeOf(careem, fixture(`careem/spec/${file}`)))
    expect(key('order.created.json')).toBe(key('order.created.json'))
    expect(
      new Set(['order.created.json', 'order.updated.json', 'order.cancelled.json', 'menu.updated.json'].map(key)).size,
    ).toBe(4)
  })

  it('falls back to the bytes for an event nobody knows', () => {
    const jahez = adapterFor('jahez', 'spec')
    const envelope = (x: number) =>
      envelopeOf(jahez, Buffer.from(`{"event_type":"new_thing","timestamp":"2026-01-01T00:00:00Z","data":{"x":${x}}}`))
    expect(jahez.dedupeKeyOf(envelope(1))).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(jahez.dedupeKeyOf(envelope(1))).not.toBe(jahez.dedupeKeyOf(envelope(2)))
  })
})
