import { type Alert, alertIdOf } from '../../domain/alert.js'
import type { Webhook } from '../../domain/client.js'
import type { Notice } from '../../domain/notice.js'

/** What an endpoint's notices become. They are told when they happen; RULES are for what must be looked at. */
const TITLES = {
  endpoint_down: 'A restaurant’s system is down',
  endpoint_disabled: 'A restaurant’s system wants no more deliveries',
} as const
type NoticeRule = keyof typeof TITLES

export type NoticePorts = {
  /** Alerts of the last thirty days. */
  list(): readonly Alert[]
  /** Resolves when durable; every instance sees it then. */
  save(alert: Alert): Promise<void>
  /** Tells people, by the channels of alerts: never by the endpoint it is about. Does not wait for them. */
  notify(alert: Alert): void
  findWebhook(clientId: string, webhookId: string): Webhook | undefined
  /** When the endpoint last took a delivery, RFC 3339; null when not of late. */
  lastDelivered(clientId: string, webhookId: string): Promise<string | null>
  now(): Date
}

/** Turns one notice into an alert, or clears the one it ends. Doing it twice changes nothing. */
export async function takeNotice(notice: Notice, ports: NoticePorts): Promise<void> {
  const { webhookId } = notice
  if (notice.kind === 'endpoint_up') {
    for (const alert of activeOf(ports))
      if (alert.rule === 'endpoint_down' && alert.subject === webhookId && alert.firedAt <= notice.at)
        await clear(alert, notice.at, ports)
    return
  }
  const alert = toAlert(notice.kind, notice)
  // Several processes may find the same endpoint down.
  const isKnown = ports.list().some(({ id, rule, subject, resolvedAt }) => {
    return id === alert.id || (rule === alert.rule && subject === webhookId && resolvedAt === null)
  })
  if (isKnown) return
  await ports.save(alert)
  ports.notify(alert)
}

/** Clears what is over without a notice: the process that would have given it is gone, or a person saw to it. */
export async function clearWhatIsOver(ports: NoticePorts): Promise<void> {
  for (const alert of activeOf(ports))
    if (await isOver(alert, ports)) await clear(alert, ports.now().toISOString(), ports)
}

async function isOver({ rule, clientId, subject, firedAt }: Alert, ports: NoticePorts): Promise<boolean> {
  const webhook = ports.findWebhook(clientId ?? '', subject)
  if (webhook === undefined) return true
  if (rule === 'endpoint_disabled') return webhook.status === 'active'
  if (webhook.status === 'disabled') return true
  return ((await ports.lastDelivered(clientId ?? '', subject)) ?? '') > firedAt
}

async function clear(alert: Alert, resolvedAt: string, ports: NoticePorts): Promise<void> {
  const cleared = { ...alert, resolvedAt }
  await ports.save(cleared)
  ports.notify(cleared)
}

function activeOf(ports: NoticePorts): readonly Alert[] {
  return ports.list().filter(({ rule, resolvedAt }) => rule in TITLES && resolvedAt === null)
}

function toAlert(rule: NoticeRule, { at, clientId, provider, webhookId, url, reason }: Notice): Alert {
  return {
    v: 1,
    id: alertIdOf(rule, webhookId, at),
    rule,
    severity: 'critical',
    title: TITLES[rule],
    message: `${reason} (${url}, ${provider} of ${clientId})`,
    subject: webhookId,
    clientId,
    value: 1,
    threshold: 0,
    firedAt: at,
    resolvedAt: null,
  }
}
