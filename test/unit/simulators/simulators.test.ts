import { describe, expect, it } from 'vitest'
import type { Platform } from '../../../dev/simulators/platform.js'
import { orderAt } from '../../../dev/simulators/platform-api.js'
import { PLATFORMS } from '../../../dev/simulators/platforms.js'
import { LUNCH_MS, SCENARIOS, type Scenario } from '../../../dev/simulators/scenarios.js'
import { signMessage, type Target } from '../../../dev/simulators/simulator.js'
import { type Message, tellStory } from '../../../dev/simulators/story.js'
import { orderSchema } from '../../../src/domain/order.js'
import { foldOrder } from '../../../src/domain/order-state.js'
import { matchEndpoint } from '../../../src/providers/endpoint.js'
import { adapterFor } from '../../support/providers.js'

// What the simulated platforms send is judged by the adapters that ingress uses: method and path, proof, shape, meaning.

const START = Date.parse('2026-03-14T11:00:00.000Z')
const CLIENT = 'client_sim'
const CREDENTIALS = { secretKey: 'a-secret-of-some-length', apiKey: 'an-api-key' }
const cases = PLATFORMS.map((platform) => ({ platform, name: `${platform.provider} (${platform.profile})` }))

function targetOf({ provider, profile }: Platform): Target {
  return { provider, profile, clientId: CLIENT, url: 'http://here', credentials: CREDENTIALS }
}

function tell(platform: Platform, scenario: Scenario = SCENARIOS.steady, more: { seed?: number; count?: number } = {}) {
  const { seed = 1, count = 30 } = more
  return [...tellStory({ platform, clientId: CLIENT, seed, startAt: START, scenario, ordersPerSecond: 1, count })]
}

function receive(platform: Platform, message: Message) {
  const adapter = adapterFor(platform.provider, platform.profile)
  const { method, url, headers, body } = signMessage(message, targetOf(platform))
  const match = matchEndpoint(adapter.endpoints, method, url.replace('http://here', ''))
  if (typeof match !== 'object') throw new Error(`${method} ${url} is ${match}`)
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const nowMs = START + message.dueMs
  const request = { header: (name: string) => lower.get(name), query: '', body, clientId: CLIENT, nowMs }
  const verified = adapter.verify(request, CREDENTIALS, { signatureValidation: true })
  const receivedAt = new Date(nowMs).toISOString()
  const parsed = adapter.parse({ ...match, body, receivedAt })
  if (!parsed.ok) throw new Error(`${parsed.message} ${JSON.stringify(parsed.details)}`)
  const { envelope } = parsed
  const href = adapter.resourceOf?.(envelope)
  const resource = href == null ? undefined : orderAt(new URL(href).pathname)
  const normalised = adapter.normalise(envelope, { clientId: CLIENT, eventId: 'evt_1', receivedAt, resource })
  return { verified, envelope, dedupeKey: adapter.dedupeKeyOf(envelope), ...normalised }
}

it('simulates every provider orderwire has, in every profile', () => {
  expect(cases.map(({ name }) => name)).toEqual([
    'careem (spec)',
    'careem (live)',
    'talabat (spec)',
    'talabat (live)',
    'deliveroo (spec)',
    'deliveroo (live)',
    'jahez (spec)',
    'jahez (live)',
    'uber-eats (live)',
    'doordash (live)',
    'delivery-hero (live)',
    'just-eat (live)',
    'keeta (live)',
  ])
})

describe.each(cases)('$name', ({ platform }) => {
  /** Everything that would be sent, as text: buffers are slow to compare. */
  const signed = (scenario: Scenario, seed: number): string =>
    tell(platform, scenario, { seed, count: 10 })
      .map((message) => ({ dueMs: message.dueMs, ...signMessage(message, targetOf(platform)) }))
      .map(({ body, ...request }) => `${JSON.stringify(request)} ${body.toString()}`)
      .join('\n')

  it.each(Object.entries(SCENARIOS))('tells the same bytes by the same seed, others by another: %s', (_, scenario) => {
    expect(signed(scenario, 7)).toBe(signed(scenario, 7))
    expect(signed(scenario, 7)).not.toBe(signed(scenario, 8))
  })

  it('says only what its adapter takes and knows, with orders that add up', () => {
    const messages = tell(platform)
    expect(messages).toHaveLength(30 * (1 + platform.steps.length))
    for (const message of messages) {
      const { verified, type, data } = receive(platform, message)
      expect(verified).toMatchObject({ ok: true })
      expect(type).not.toBe('unknown')
      if (data.order === undefined) continue
      expect(orderSchema.safeParse(data.order).error).toBeUndefined()
      expect(data.order.totalsCheck).toBe('ok')
      expect(data.order.lines.length).toBeGreaterThan(0)
    }
  })

  it.each(['steady', 'late-cancel'] as const)('%s: an order is a legal history of distinct events', (scenario) => {
    for (const messages of byOrder(tell(platform, SCENARIOS[scenario]))) {
      const events = messages.map((message) => receive(platform, message))
      expect(events[0]?.type).toBe('order.created')
      expect(new Set(events.map(({ dedupeKey }) => dedupeKey)).size).toBe(events.length)
      const changes = events.flatMap(({ data, envelope, dedupeKey }) =>
        data.change == null ? [] : [{ to: data.change.to, occurredAt: envelope.occurredAt, dedupeKey }],
      )
      expect(foldOrder(changes).changes.filter(({ applied }) => !applied)).toEqual([])
    }
  })

  it('duplicates: a resend has the bytes and the event of what it repeats', () => {
    const messages = tell(platform, SCENARIOS.duplicates)
    const keys = messages.map((message) => receive(platform, message).dedupeKey)
    expect(new Set(keys).size).toBe(30 * (1 + platform.steps.length))
    expect(keys.length).toBeGreaterThan(new Set(keys).size * 1.4)
  })

  it('disorder: later news overtake earlier ones', () => {
    const overtaken = byOrder(tell(platform, SCENARIOS.disorder)).filter(
      ([first]) => first !== undefined && receive(platform, first).type !== 'order.created',
    )
    expect(overtaken.length).toBeGreaterThan(0)
  })

  it('late-cancel: about two of three orders end cancelled, after everything but their end', () => {
    const lives = byOrder(tell(platform, SCENARIOS['late-cancel'], { count: 60 }))
    const cancelled = lives.filter((life) => {
      const last = life.at(-1)
      return last !== undefined && receive(platform, last).data.change?.to === 'cancelled'
    })
    expect(cancelled.length).toBeGreaterThan(25)
    expect(cancelled.length).toBeLessThan(55)
    expect(new Set(lives.map(({ length }) => length))).toEqual(new Set([1 + platform.steps.length]))
  })

  it('bad-signatures: what is forged is refused, and the genuine message follows', () => {
    const messages = tell(platform, SCENARIOS['bad-signatures'])
    const forged = messages.filter(({ isForged }) => isForged)
    expect(forged.length).toBeGreaterThan(messages.length / 10)
    for (const message of messages) expect(receive(platform, message).verified).toMatchObject({ ok: !message.isForged })
    for (const { order, body } of forged) {
      const genuine = messages.filter((message) => message.order === order && !message.isForged)
      expect(genuine.filter((message) => message.body.equals(body))).toHaveLength(1)
    }
  })

  it('clock-skew: four minutes are borne; ten are refused as stale where the proof carries a time', () => {
    const { schemes } = adapterFor(platform.provider, platform.profile).table
    const isTimed = schemes.some((scheme) => scheme.kind === 'hmac' && scheme.timestamp !== undefined)
    const isToken = schemes.some((scheme) => scheme.kind === 'jwt')
    const seen = new Set<number>()
    for (const message of tell(platform, SCENARIOS['clock-skew'])) {
      const skewMs = message.clock - START - message.dueMs
      seen.add(skewMs)
      const { verified } = receive(platform, message)
      // A token ends five minutes after it was made; one made ahead of time is good for longer.
      const isRefused = (isTimed && Math.abs(skewMs) > 300_000) || (isToken && skewMs < -300_000)
      expect(verified).toMatchObject(isRefused ? { ok: false, code: 'stale_timestamp' } : { ok: true })
    }
    expect(seen.size).toBe(4)
  })
})

it('lunch-peak: the middle of a lunch is several times as busy as its ends', () => {
  const [platform] = PLATFORMS
  if (platform === undefined) throw new Error('nobody is simulated')
  const placed = byOrder(tell(platform, SCENARIOS['lunch-peak'], { count: 200 })).map((life) => life[0]?.dueMs ?? 0)
  const within = (from: number, to: number) =>
    placed.filter((ms) => ms % LUNCH_MS >= from * LUNCH_MS && ms % LUNCH_MS < to * LUNCH_MS).length
  expect(within(1 / 3, 2 / 3)).toBeGreaterThan(3 * within(0, 1 / 6))
  expect(within(1 / 3, 2 / 3)).toBeGreaterThan(3 * within(5 / 6, 1))
})

/** Each order's messages in the order they are sent. */
function byOrder(messages: readonly Message[]): readonly (readonly Message[])[] {
  const lives = new Map<number, Message[]>()
  for (const message of messages) lives.set(message.order, [...(lives.get(message.order) ?? []), message])
  return [...lives.values()]
}
