import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ProviderAdapter } from '../../../src/providers/adapter.js'
import { matchEndpoint } from '../../../src/providers/endpoint.js'
import { verifyWith } from '../../support/provider-conformance.js'
import {
  arrivalOf,
  envelopeOf,
  FIXTURES,
  resourceFor,
  SAMPLE_CLIENT,
  SAMPLE_RECEIVED_AT,
  type Sample,
  samplesOf,
} from '../../support/provider-samples.js'
import { adapterFor, providers } from '../../support/providers.js'

const CONTEXT = { clientId: SAMPLE_CLIENT, eventId: 'evt_1', receivedAt: SAMPLE_RECEIVED_AT }
const CREDENTIALS = { secretKey: 'a-secret', apiKey: 'an-api-key' }
const all = providers.adapters.flatMap((adapter) =>
  samplesOf(adapter).map((sample) => ({ adapter, sample, file: sample.file })),
)
const sampleOf = (file: string): { adapter: ProviderAdapter; sample: Sample } => {
  const found = all.find((each) => each.file === file)
  if (found === undefined) throw new Error(`no sample ${file}`)
  return found
}
const dataOf = (file: string, change: (body: string) => string = (body) => body) => {
  const { adapter, sample } = sampleOf(file)
  const body = Buffer.from(change(sample.body.toString()))
  return adapter.normalise(envelopeOf(adapter, { ...sample, body }), { ...CONTEXT, resource: resourceFor(adapter) })
}

type Vector = { name: string; file: string; secret: string; headers: Record<string, string>; basis: string }
const vectors: Vector[] = JSON.parse(readFileSync(`${FIXTURES}/signatures.json`, 'utf8')).vectors

describe.each(vectors)('the vector $name', ({ file, secret, headers }) => {
  const { adapter, sample } = sampleOf(file)
  const secretKey = secret === '-' ? (Object.values(headers)[0] ?? '').replace('Bearer ', '') : secret
  const given = { credentials: { secretKey, apiKey: 'test-api-key' }, nowMs: 1_773_507_912_000 }

  it('verifies in its profile', () => {
    expect(verifyWith(adapter, sample.body, headers, given)).toMatchObject({ ok: true })
  })

  it('is refused with its credential replaced', () => {
    const [name = ''] = Object.keys(headers)
      .filter((each) => /signature|hmac|key|authorization/i.test(each))
      .slice(-1)
    const value = headers[name] ?? ''
    const middle = Math.floor(value.length / 2)
    const other = `${value.slice(0, middle)}${value[middle] === 'a' ? 'b' : 'a'}${value.slice(middle + 1)}`
    expect(verifyWith(adapter, sample.body, { ...headers, [name]: other }, given)).toMatchObject({ ok: false })
  })
})

describe('each fixture', () => {
  it.each(all)('$file is the same canonical event as ever', ({ file }) => {
    expect(dataOf(file)).toMatchSnapshot()
  })

  it.each(all)('$file is refused by the other profile, by its path or its shape', ({ adapter, sample }) => {
    const other = providers.find(adapter.name, adapter.profile === 'spec' ? 'live' : 'spec')
    if (other === undefined) return
    const match = matchEndpoint(other.endpoints, sample.endpoint.method, sample.path)
    if (typeof match === 'object')
      expect(other.parse(arrivalOf(sample, { endpoint: match.endpoint, params: match.params }))).toMatchObject({
        ok: false,
      })
    // The shape alone refuses it too, at every endpoint of the other profile that takes a body.
    for (const endpoint of other.endpoints.filter(({ body, event }) => body !== 'none' && event !== 'availability'))
      expect(other.parse(arrivalOf(sample, { endpoint })), endpoint.path).toMatchObject({ ok: false })
  })

  it.each(all)('$file with credentials of one profile is refused by the other', ({ adapter, sample }) => {
    const other = providers.find(adapter.name, adapter.profile === 'spec' ? 'live' : 'spec')
    // Jahez's two profiles take the same bearer: there the path and the shape tell them apart.
    if (other === undefined || adapter.name === 'jahez') return
    const headers = adapter.sign(sample.body, CREDENTIALS, {
      clientId: SAMPLE_CLIENT,
      nowMs: Date.parse(SAMPLE_RECEIVED_AT),
    })
    expect(verifyWith(other, sample.body, headers, { credentials: CREDENTIALS })).toMatchObject({ ok: false })
  })
})

describe('a scheme with two encodings', () => {
  const { adapter, sample } = sampleOf('keeta/live/CREATED.json')
  const name = 'X-App-Signature'
  const signed = adapter.sign(sample.body, CREDENTIALS, { clientId: SAMPLE_CLIENT, nowMs: 0 })[name] ?? ''
  const verified = (signature: string) =>
    verifyWith(adapter, sample.body, { [name]: signature }, { credentials: CREDENTIALS }).ok

  it('signs with the first and takes either', () => {
    expect(signed).toMatch(/^[A-Za-z0-9+/]{43}=$/)
    expect(verified(signed)).toBe(true)
    expect(verified(Buffer.from(signed, 'base64').toString('hex'))).toBe(true)
    expect(verified(Buffer.from(signed, 'base64').toString('base64url'))).toBe(false)
  })
})

describe('money that cannot be right', () => {
  it.each(['-1', '1e308', '"12.345"', 'null', '"many"', '12.345'])(
    '%s as a total leaves the order, checked as unknown or not adding up',
    (written) => {
      const { type, data } = dataOf('careem/live/ORDER_CREATED.json', (body) =>
        body.replace('"total_taxable_price": 91.0', `"total_taxable_price": ${written}`),
      )
      expect(type).toBe('order.created')
      expect(data.order?.totals.grandTotal?.amount ?? null).toBe(written === '-1' ? -100 : null)
      expect(data.order?.totalsCheck).toBe(written === '-1' ? 'mismatch' : 'unknown')
    },
  )

  it('an unknown currency or country is no reason to guess one', () => {
    const { data } = dataOf('talabat/live/order_dispatch.json', (body) => body.replace('"KW"', '"ZZ"'))
    expect(data.order?.totals.grandTotal).toBeNull()
    expect(data.order?.totalsCheck).toBe('unknown')
  })

  it('an unknown status reports nothing', () => {
    const { type, data } = dataOf('careem/live/ORDER_STATUS_UPDATED.cancelled.json', (body) =>
      body.replace('"cancelled"', '"evaporated"'),
    )
    expect(type).toBe('order.status_changed')
    expect(data.change).toBeUndefined()
  })
})

describe('deadlines', () => {
  const acceptBy = (file: string, change?: (body: string) => string) => dataOf(file, change).data.order?.acceptBy
  it.each([
    ['careem/live/ORDER_CREATED.json', null],
    ['talabat/live/order_dispatch.json', '2026-03-14T16:52:02.000Z'],
    ['deliveroo/live/order.new.json', '2026-03-14T17:07:00.000Z'],
    ['jahez/live/order_create.json', '2026-03-14T17:10:12.000Z'],
    ['uber-eats/live/orders.notification.json', '2026-03-14T17:11:30.000Z'],
    ['doordash/live/OrderCreate.json', '2026-03-14T17:08:12.000Z'],
    ['just-eat/live/order.json', '2026-03-14T17:10:12.000Z'],
  ])('%s is to be accepted by %s', (file, at) => expect(acceptBy(file)).toBe(at))

  it('Deliveroo gives ten minutes outside the Emirates and Kuwait', () => {
    expect(acceptBy('deliveroo/live/order.new.json', (body) => body.replace('"ae:', '"gb:'))).toBe(
      '2026-03-14T17:10:00.000Z',
    )
  })
})

describe('text', () => {
  it.each([
    ['Arabic with marks', 'شُكْرًا \u200f(١٢)\u200e'],
    ['emoji of several code points', '👩🏽‍🍳🇦🇪'],
    ['composed and decomposed letters', 'caf\u00e9 cafe\u0301'],
    ['directional isolates', '\u2067شاورما\u2069 ×2'],
  ])('%s arrives as it came', (_, written) => {
    const { data } = dataOf('jahez/live/order_create.json', (body) => body.replace('بدون بصل', written))
    expect(data.order?.note).toBe(written)
  })

  it('a national phone number becomes E.164 where the country is known', () => {
    expect(dataOf('jahez/live/order_create.json').data.order?.customer?.phone?.e164).toBe('+966500001234')
  })
})

describe('riders', () => {
  it('the one told of last speaks for the courier; only one under way moves the order', () => {
    const file = 'deliveroo/live/rider.status_update.json'
    expect(dataOf(file).data).toMatchObject({ courier: { status: 'rider_arrived' } })
    expect(dataOf(file).data.change).toBeUndefined()
    const second = '{"full_name":"A. B.","status_log":[{"at":"2026-03-14T17:19:00Z","status":"rider_in_transit"}]}'
    const two = dataOf(file, (body) => body.replace('"riders": [', `"riders": [${second},`)).data
    expect(two).toMatchObject({ courier: { status: 'rider_in_transit', name: 'A. B.' }, change: { to: 'picked_up' } })
  })
})

describe('answers', () => {
  const answer = (name: string, file: string) => {
    const adapter = adapterFor(name, 'live')
    return adapter.answer?.(envelopeOf(adapter, sampleOf(file).sample), {
      ...CONTEXT,
      processedAt: SAMPLE_RECEIVED_AT,
      duplicate: false,
    })
  }
  it('a dispatch is answered with the same id at every try', () => {
    const first = answer('talabat', 'talabat/live/order_dispatch.json')
    expect(first).toEqual({
      status: 200,
      json: { remoteResponse: { remoteOrderId: expect.stringMatching(/^ord_[0-9a-f]{32}$/) } },
    })
    expect(answer('talabat', 'talabat/live/order_dispatch.json')).toEqual(first)
  })
  it.each([
    ['uber-eats', 'uber-eats/live/orders.notification.json', { status: 200 }],
    ['doordash', 'doordash/live/OrderCreate.json', { status: 202 }],
    ['jahez', 'jahez/live/order_create.json', { status: 200, json: { success: true } }],
    ['just-eat', 'just-eat/live/order.json', { status: 202, json: { OrderId: 'jet-900417' } }],
    ['keeta', 'keeta/live/CREATED.json', { status: 200 }],
  ])('%s is answered in its own form', (name, file, expected) => expect(answer(name, file)).toEqual(expected))
})
