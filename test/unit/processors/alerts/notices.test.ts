import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../src/domain/alert.js'
import type { Webhook } from '../../../../src/domain/client.js'
import type { Notice } from '../../../../src/domain/notice.js'
import { clearWhatIsOver, type NoticePorts, takeNotice } from '../../../../src/processors/alerts/notices.js'
import { aClient } from '../../../support/memory-ports.js'

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 14, 17, minute)).toISOString()
const [webhook] = aClient('c').webhooks
if (webhook === undefined) throw new Error('a client has a registration')

const notice = (kind: Notice['kind'], minute: number): Notice => ({
  v: 1,
  kind,
  at: at(minute),
  clientId: 'c',
  webhookId: webhook.id,
  provider: 'careem',
  url: webhook.url,
  reason: 'It keeps failing',
})

function setUp() {
  const alerts = new Map<string, Alert>()
  const told: string[] = []
  const state: { webhook: Webhook | undefined; delivered: string | null } = { webhook, delivered: null }
  const ports: NoticePorts = {
    list: () => [...alerts.values()],
    save: async (alert) => void alerts.set(alert.id, alert),
    notify: ({ rule, resolvedAt }) => void told.push(resolvedAt === null ? rule : `${rule} is over`),
    findWebhook: () => state.webhook,
    lastDelivered: async () => state.delivered,
    now: () => new Date(at(30)),
  }
  return { ports, told, state, active: () => [...alerts.values()].filter(({ resolvedAt }) => resolvedAt === null) }
}

describe('a notice', () => {
  it('that an endpoint is down becomes one alert, however many processes say so and however often', async () => {
    const { ports, told, active } = setUp()
    for (const minute of [1, 1, 2]) await takeNotice(notice('endpoint_down', minute), ports)
    expect(active()).toMatchObject([{ rule: 'endpoint_down', subject: webhook.id, clientId: 'c', firedAt: at(1) }])
    expect(told).toEqual(['endpoint_down'])
  })

  it('that it is up again clears the alert, and one that comes again after that fires nothing', async () => {
    const { ports, told, active } = setUp()
    await takeNotice(notice('endpoint_down', 1), ports)
    await takeNotice(notice('endpoint_up', 3), ports)
    await takeNotice(notice('endpoint_down', 1), ports)
    expect(active()).toEqual([])
    expect(told).toEqual(['endpoint_down', 'endpoint_down is over'])
  })

  it('that it is up again does not clear an alert of a later outage', async () => {
    const { ports, active } = setUp()
    await takeNotice(notice('endpoint_down', 5), ports)
    await takeNotice(notice('endpoint_up', 3), ports)
    expect(active()).toHaveLength(1)
  })
})

describe('an alert nobody gives the all-clear for', () => {
  it.each([
    ['a delivery that arrived since', 'endpoint_down', { delivered: at(2) }, true],
    ['no delivery since', 'endpoint_down', { delivered: at(0) }, false],
    ['its registration is disabled', 'endpoint_down', { webhook: { ...webhook, status: 'disabled' } }, true],
    ['its registration is gone', 'endpoint_down', { webhook: undefined }, true],
    ['a person enabled it again', 'endpoint_disabled', {}, true],
    ['it is still disabled', 'endpoint_disabled', { webhook: { ...webhook, status: 'disabled' } }, false],
  ] as const)('is looked at: %s (%s)', async (_, kind, change, isOver) => {
    const { ports, state, told, active } = setUp()
    await takeNotice(notice(kind, 1), ports)
    Object.assign(state, change)
    await clearWhatIsOver(ports)
    expect(active()).toHaveLength(isOver ? 0 : 1)
    expect(told).toHaveLength(isOver ? 2 : 1)
  })
})
