import type { AttemptedFact } from '../domain/activity.js'
import type { Reading } from '../processors/alerts/evaluate.js'
import { createFailingEndpoints } from '../processors/alerts/failing-endpoints.js'
import { createNotifier } from '../processors/alerts/notify.js'
import type { Source } from '../processors/alerts/ports.js'
import { RULE_NAMES, RULES, type RuleName } from '../processors/alerts/rules.js'
import { startAlerts } from '../processors/alerts/run.js'
import type { AlertBook } from '../stream/alert-bucket.js'
import { decodeFact } from '../stream/codec.js'
import type { Live } from '../stream/live.js'
import { createChannels } from './alert-channels.js'
import type { Context } from './context.js'
import type { Following } from './following.js'
import { type LiveMetrics, readQueues } from './live-metrics.js'
import { startNotices } from './notices.js'

/** In fewer webhooks a share or a mean says nothing. */
const MIN_REQUESTS = 20
/** Stores that go silent do so by the hour. */
const SILENCE_EVERY_MS = 60_000

/** The processor `alerts`: looks at the whole installation in one process, and tells people. */
export function startAlerting(
  context: Context,
  { activity, metrics }: Following,
  everyMs: number | undefined,
): { stop(): Promise<void> } {
  const { loggers, alerts: book, holder, config, now } = context
  const endpoints = createFailingEndpoints()
  const following = new AbortController()
  const followed = followAttempts(activity, endpoints.take, following.signal)
  const notifier = createNotifier({
    channels: createChannels(context),
    quietMs: config.alerts.quietMs,
    history: () => book.list().map(({ alert }) => alert),
    onTold: ({ id, rule }, channel) =>
      loggers.alerts.info({ alert: id, rule, channel }, 'people were told of an alert'),
    onError: (error, { alert, channel, isLast }) =>
      isLast
        ? loggers.alerts.error({ err: error, alert: alert.id, channel }, 'nobody was told of an alert by this channel')
        : loggers.alerts.warn({ err: error, alert: alert.id, channel }, 'an alert could not be sent; trying again'),
  })
  const noticing = startNotices(context, notifier)
  const running = startAlerts(
    {
      acquireLease: (ttlMs) => book.acquireLease(holder, ttlMs, Date.now()),
      sources: createSources(context, metrics, endpoints.read),
      active: () => book.list().flatMap(({ alert }) => (alert.resolvedAt === null ? [alert] : [])),
      save: async (alert) => {
        await book.save(alert)
        const { id, rule, subject, resolvedAt } = alert
        loggers.alerts.info({ alert: id, rule, subject }, resolvedAt === null ? 'an alert fired' : 'an alert cleared')
      },
      notify: notifier.notify,
      now,
    },
    {
      ...(everyMs !== undefined && { everyMs }),
      onError: (error) => loggers.alerts.warn({ err: error }, 'a condition could not be looked at; trying again'),
    },
  )
  return {
    stop: async () => {
      await Promise.all([running.stop(), noticing.stop()])
      following.abort()
      await followed
      await notifier.stop()
    },
  }
}

async function followAttempts(activity: Live, take: (fact: AttemptedFact) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const { data } of activity.subscribe({ signal })) {
        const fact = decodeFact(data)
        if (fact.kind === 'attempted') take(fact)
      }
    } catch {
      // Too far behind, or a message that is not ours (record tells of it): go on from now.
    }
  }
}

function createSources(
  context: Context,
  live: LiveMetrics,
  readEndpoints: (nowMs: number) => readonly Reading[],
): readonly Source[] {
  const { store, directory } = context
  const whole = (rule: RuleName, value: number): Reading => ({ rule, subject: '', clientId: null, value })
  let deadBefore: number | undefined
  let silence: { readonly at: number; readonly readings: readonly Reading[] } | undefined
  return [
    {
      rules: ['high_response_time', 'high_error_rate', 'queue_backlog', 'memory_usage', 'cpu_usage'],
      read: async () => {
        const read = await live.read()
        const hasTraffic = read.requests >= MIN_REQUESTS
        return [
          ...(hasTraffic ? [whole('high_response_time', read.avgResponseTime)] : []),
          ...(hasTraffic ? [whole('high_error_rate', read.errorRate)] : []),
          whole('queue_backlog', read.queueDepth),
          whole('memory_usage', read.memoryUsage),
          whole('cpu_usage', read.cpuUsage),
        ]
      },
    },
    { rules: ['endpoint_failing'], read: async (nowMs) => readEndpoints(nowMs) },
    {
      rules: ['dead_letters'],
      read: async () => {
        const { deadLettersEver } = await readQueues(context)
        const grown = deadLettersEver - (deadBefore ?? deadLettersEver)
        deadBefore = deadLettersEver
        return [whole('dead_letters', grown)]
      },
    },
    {
      rules: ['overdue_retries'],
      read: async (nowMs) => [whole('overdue_retries', await store.conditions.countOverdueRetries(nowMs))],
    },
    {
      rules: ['orders_at_risk'],
      read: async (nowMs) =>
        [...(await store.conditions.countOrdersAtRisk(nowMs))].map(([clientId, value]) => ({
          rule: 'orders_at_risk',
          subject: clientId,
          clientId,
          value,
        })),
    },
    {
      rules: ['store_silent'],
      read: async (nowMs) => {
        if (silence !== undefined && nowMs - silence.at < SILENCE_EVERY_MS) return silence.readings
        const stores = await store.conditions.findSilentStores(directory.ids(), nowMs, RULES.store_silent.threshold)
        const readings = stores.map(
          ({ clientId, provider, storeRef, missing }): Reading => ({
            rule: 'store_silent',
            subject: `${storeRef === null ? '' : `store ${storeRef} of `}${clientId} on ${provider}`,
            clientId,
            value: missing,
          }),
        )
        silence = { at: nowMs, readings }
        return readings
      },
    },
  ]
}

/** How many alerts of each rule have not cleared, for Prometheus. */
export function activeByRule(book: Pick<AlertBook, 'list'>): ReadonlyMap<RuleName, number> {
  const active = book.list().filter(({ alert }) => alert.resolvedAt === null)
  return new Map(RULE_NAMES.map((name) => [name, active.filter(({ alert }) => alert.rule === name).length]))
}
