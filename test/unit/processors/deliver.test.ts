import { describe, expect, it } from 'vitest'
import type { Fact } from '../../../src/domain/activity.js'
import type { Client } from '../../../src/domain/client.js'
import type { AttemptResponse } from '../../../src/domain/delivery.js'
import { addressOf, type DeliverPorts, deliver } from '../../../src/processors/deliver/deliver.js'
import { deliveryBody } from '../../../src/processors/deliver/envelope.js'
import { createHttpClient, isPublicAddress } from '../../../src/processors/deliver/http-client.js'
import { dispatch, matchWebhooks } from '../../../src/processors/dispatch/dispatch.js'
import { aClientOf, aDelivery, anEvent, aWebhook, DELIVERED_AT, notingPorts } from '../../support/deliveries.js'
import { memoryOrderLogs } from '../../support/order-logs.js'
import { providers } from '../../support/providers.js'

const webhook = aWebhook({ events: ['order.created'] })
const client = aClientOf(webhook)
const event = anEvent()
const delivery = aDelivery(event, { payload: '{"price": 64.0, "id": 9007199254740993}' })
const address = { client, webhook }

/** Ports that write down what they were asked, in order. */
function ports(response: Partial<AttemptResponse>, known: Client | undefined = client) {
  const calls: [string, ...unknown[]][] = []
  const made: DeliverPorts = {
    findClient: () => known,
    http: {
      post: async (request) => {
        calls.push(['post', request])
        return { statusCode: 200, body: '', error: null, responseTimeMs: 12, retryAfterMs: null, ...response }
      },
    },
    ...notingPorts((...noted) => calls.push(noted)),
  }
  return { made, calls, names: () => calls.map(([name]) => name) }
}

describe('an attempt', () => {
  it('that is answered 2xx is recorded as delivered', async () => {
    const { made, names } = ports({})
    expect(await deliver(delivery, address, made)).toMatchObject({
      result: 'delivered',
      attempt: 1,
      nextAttemptAt: null,
    })
    expect(names()).toEqual(['post', 'record'])
  })

  it('that fails is scheduled before it is recorded', async () => {
    const { made, calls, names } = ports({ statusCode: 500 })
    expect(await deliver(delivery, address, made)).toMatchObject({
      result: 'retrying',
      nextAttemptAt: '2026-03-14T17:00:01.000Z',
    })
    expect(names()).toEqual(['post', 'schedule', 'record'])
    expect(calls[1]).toEqual(['schedule', { ...delivery, attempt: 2 }, new Date('2026-03-14T17:00:01.000Z')])
  })

  it('beyond the policy is buried before it is recorded', async () => {
    const { made, names } = ports({ statusCode: null, error: 'ECONNREFUSED' })
    expect(await deliver({ ...delivery, attempt: 4 }, address, made)).toMatchObject({
      result: 'dead',
      deadReason: 'retries_exhausted',
    })
    expect(names()).toEqual(['post', 'bury', 'record'])
  })

  it('made by hand that succeeds takes the waiting retry back', async () => {
    const { made, names } = ports({})
    await deliver({ ...delivery, trigger: 'manual' }, address, made)
    expect(names()).toEqual(['post', 'cancelScheduled', 'record'])
  })

  it.each([
    ['deleted', undefined, 'webhook_deleted'],
    ['disabled', { ...client, webhooks: [{ ...webhook, status: 'disabled' as const }] }, 'webhook_disabled'],
  ])('is not made to an endpoint that is %s', (_, known, reason) => {
    expect(addressOf(delivery, () => known)).toMatchObject({ dead: reason })
  })

  it('that fails after another process took the message over leaves the rest to that one', async () => {
    const { made, names } = ports({ statusCode: 500 })
    await deliver(delivery, address, made, async () => true)
    expect(names()).toEqual(['post'])
  })

  it('is signed with both secrets while a rotation overlaps', async () => {
    const previous = {
      credentials: { secretKey: 'old' },
      signingSecret: `whsec_${Buffer.from('old').toString('base64')}`,
    }
    const { made, calls } = ports({})
    for (const validUntil of ['2026-03-14T17:00:01.000Z', '2026-03-14T16:59:59.000Z'])
      await deliver(delivery, { client, webhook: { ...webhook, previous: { ...previous, validUntil } } }, made)
    const signatures = calls
      .filter(([name]) => name === 'post')
      .map(([, request]) => (request as { headers: Record<string, string> }).headers['webhook-signature']?.split(' '))
    expect(signatures.map((list) => list?.length)).toEqual([2, 1])
    expect(signatures[0]?.[0]).toBe(signatures[1]?.[0])
  })

  it('leaves the message for later when the queue cannot take the retry', async () => {
    const { made } = ports({ statusCode: 500 })
    const schedule = () => Promise.reject(new Error('NATS is away'))
    await expect(deliver(delivery, address, { ...made, schedule })).rejects.toThrow('NATS is away')
  })
})

describe('the body a client gets', () => {
  it("holds the platform's numbers exactly as they were sent", () => {
    expect(deliveryBody(delivery)).toContain('"payload":{"price": 64.0, "id": 9007199254740993}}}')
    expect(JSON.parse(deliveryBody(delivery))).toMatchObject({
      id: 'evt_1',
      type: 'order.created',
      provider: 'careem',
      clientId: 'c',
      attempt: 1,
      data: {},
      source: { eventType: 'order.created' },
    })
  })
})

describe('targets', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.16.5.5',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'nonsense',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each(['8.8.8.8', '2a00:1450:4001::1'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it('that are private are refused by literal and by name, and that is an attempt like any other', async () => {
    const http = createHttpClient({ timeoutMs: 2_000, allowPrivateTargets: false })
    for (const url of ['http://127.0.0.1:9/', 'http://[::1]:9/', 'http://localhost:9/']) {
      expect(await http.post({ url, headers: {}, body: '' })).toMatchObject({
        statusCode: null,
        error: expect.stringContaining('PRIVATE_TARGET'),
      })
    }
    await http.close()
  })
})

/** Ports that write down what dispatch did, in order. */
function dispatchPorts(calls: string[], isResend: boolean) {
  return {
    ...memoryOrderLogs(),
    ...noResources,
    providers,
    findClient: () => client,
    isResend: async () => isResend,
    enqueue: async () => void calls.push('enqueue'),
    record: async ({ kind }: Fact) => void calls.push(kind),
    now: () => DELIVERED_AT,
  }
}

const noResources = {
  fetchResource: () => Promise.reject(new Error('no thin event here')),
  apiOf: () => undefined,
}

describe('dispatch', () => {
  const received = {
    eventId: 'evt_1',
    provider: 'careem',
    clientId: 'c',
    profile: 'spec',
    auth: 'hmac',
    eventType: 'order.created',
    dedupeKey: 'k',
    occurredAt: DELIVERED_AT.toISOString(),
    receivedAt: DELIVERED_AT.toISOString(),
    method: 'POST',
    path: '',
    body: Buffer.from('{"event_type":"order.created","timestamp":"2026-01-01T00:00:00Z","data":{}}'),
  } as const

  it('queues before it records, so that stopping in between repeats rather than loses', async () => {
    const calls: string[] = []
    await dispatch(received, { sequence: 5, tries: 0 }, dispatchPorts(calls, false))
    expect(calls).toEqual(['enqueue', 'dispatched'])
  })

  it('records a resend and queues nothing', async () => {
    const calls: string[] = []
    await dispatch(received, { sequence: 5, tries: 0 }, dispatchPorts(calls, true))
    expect(calls).toEqual(['duplicate'])
  })

  it.each([
    [['order.created'], 1],
    [['*'], 1],
    [['order.updated'], 0],
  ])('matches registrations that asked for %s', (events, count) => {
    expect(matchWebhooks({ ...client, webhooks: [{ ...webhook, events }] }, event)).toHaveLength(count)
  })

  it('matches neither disabled registrations nor those of another provider', () => {
    expect(
      matchWebhooks(
        {
          ...client,
          webhooks: [
            { ...webhook, status: 'disabled' },
            { ...webhook, provider: 'jahez' },
          ],
        },
        event,
      ),
    ).toEqual([])
    expect(matchWebhooks(undefined, event)).toEqual([])
  })
})
