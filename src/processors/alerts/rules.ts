import type { Severity } from '../../domain/alert.js'

export const RULE_NAMES = [
  'high_response_time',
  'high_error_rate',
  'queue_backlog',
  'memory_usage',
  'cpu_usage',
  'endpoint_failing',
  'dead_letters',
  'overdue_retries',
  'store_silent',
  'orders_at_risk',
] as const
export type RuleName = (typeof RULE_NAMES)[number]

export type Rule = {
  readonly title: string
  readonly severity: Severity
  /** Fires above this … */
  readonly threshold: number
  /** … once it has been above for this long, */
  readonly forMs: number
  /** and clears below this (apart from the threshold, so that a value that hovers there does not ring every minute) … */
  readonly clearBelow: number
  /** … once it has been below for this long. */
  readonly clearForMs: number
  /** What it means that a subject is measured no more. */
  readonly absent: 'clears' | 'says nothing'
  /** `subject` as people call it. */
  describe(value: number, subject: string): string
  /** The same rule for Prometheus, on the metrics of `GET /metrics`, and what it waits there. */
  readonly expression: string
  readonly prometheusFor: string
}

const MINUTE_MS = 60_000
const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`
const count = (value: number): string => String(Math.round(value))
const many = (value: number, one: string, more: string): string =>
  `${count(value)} ${Math.round(value) === 1 ? one : more}`
const told = (rule: RuleName): string => `max(orderwire_alerts_active{rule="${rule}"}) > 0`

/**
 * Every rule, once: the processor evaluates this table, and deploy/prometheus/rules.yaml is written from it
 * (`npm run alert-rules`; a test keeps them in step). The first five are the specification's (section 8.3).
 */
export const RULES: Readonly<Record<RuleName, Rule>> = {
  high_response_time: {
    title: 'Webhooks are answered slowly',
    severity: 'warning',
    threshold: 500,
    forMs: 30_000,
    clearBelow: 400,
    clearForMs: MINUTE_MS,
    absent: 'clears',
    describe: (value) => `Webhooks take ${count(value)} ms to be answered on average (limit 500 ms)`,
    expression:
      'sum(rate(webhook_processing_duration_seconds_sum[5m])) / sum(rate(webhook_processing_duration_seconds_count[5m])) > 0.5',
    prometheusFor: '1m',
  },
  high_error_rate: {
    title: 'Webhooks are refused or fail',
    severity: 'critical',
    threshold: 0.05,
    forMs: 30_000,
    clearBelow: 0.03,
    clearForMs: MINUTE_MS,
    absent: 'clears',
    describe: (value) => `${percent(value)} of webhooks are answered with an error (limit 5 %)`,
    expression:
      'sum(rate(webhook_requests_total{status=~"[45].."}[5m])) / sum(rate(webhook_requests_total[5m])) > 0.05 and sum(rate(webhook_requests_total[5m])) > 0.05',
    prometheusFor: '1m',
  },
  queue_backlog: {
    title: 'Work is piling up',
    severity: 'warning',
    threshold: 1_000,
    forMs: 30_000,
    clearBelow: 500,
    clearForMs: 30_000,
    absent: 'clears',
    describe: (value) => `${count(value)} events and deliveries wait for a worker (limit 1,000)`,
    expression: 'sum(max by (queue) (orderwire_queue_depth)) > 1000',
    prometheusFor: '1m',
  },
  memory_usage: {
    title: 'Memory is running out',
    severity: 'warning',
    threshold: 0.8,
    forMs: MINUTE_MS,
    clearBelow: 0.75,
    clearForMs: MINUTE_MS,
    absent: 'clears',
    describe: (value) => `An instance uses ${percent(value)} of its memory (limit 80 %)`,
    expression: 'max(orderwire_memory_usage_ratio) > 0.8',
    prometheusFor: '2m',
  },
  cpu_usage: {
    title: 'CPU is at its limit',
    severity: 'critical',
    threshold: 0.9,
    forMs: MINUTE_MS,
    clearBelow: 0.8,
    clearForMs: MINUTE_MS,
    absent: 'clears',
    describe: (value) => `An instance uses ${percent(value)} of its CPUs (limit 90 %)`,
    expression: 'max(orderwire_cpu_usage_ratio) > 0.9',
    prometheusFor: '2m',
  },
  endpoint_failing: {
    title: 'A restaurant’s system does not take deliveries',
    severity: 'critical',
    threshold: 0.5,
    forMs: 0,
    clearBelow: 0.2,
    clearForMs: 30_000,
    absent: 'says nothing',
    describe: (value, subject) => `${percent(value)} of the last attempts to reach ${subject} failed (limit 50 %)`,
    expression: told('endpoint_failing'),
    prometheusFor: '0s',
  },
  dead_letters: {
    title: 'Deliveries were given up',
    severity: 'warning',
    threshold: 0,
    forMs: 0,
    clearBelow: 1,
    clearForMs: 15 * MINUTE_MS,
    absent: 'clears',
    describe: (value) => `${many(value, 'delivery was', 'deliveries were')} given up since the last look`,
    expression: 'max(increase(orderwire_dead_letters_total[15m])) > 0',
    prometheusFor: '0s',
  },
  overdue_retries: {
    title: 'Retries are not made',
    severity: 'critical',
    threshold: 0,
    forMs: MINUTE_MS,
    clearBelow: 1,
    clearForMs: MINUTE_MS,
    absent: 'says nothing',
    describe: (value) => `${many(value, 'retry is', 'retries are')} more than a minute past due`,
    expression: 'max(orderwire_overdue_retries) > 0',
    prometheusFor: '1m',
  },
  store_silent: {
    title: 'A store has gone silent',
    severity: 'warning',
    threshold: 5,
    forMs: 0,
    clearBelow: 1,
    clearForMs: 0,
    absent: 'says nothing',
    describe: (value, subject) =>
      `Nothing has come for ${subject} in an hour, where ${count(value)} orders usually come at this time of the week`,
    expression: told('store_silent'),
    prometheusFor: '0s',
  },
  orders_at_risk: {
    title: 'Orders are about to be lost',
    severity: 'critical',
    threshold: 0,
    forMs: 0,
    clearBelow: 1,
    clearForMs: 0,
    absent: 'clears',
    describe: (value, subject) =>
      `${many(value, 'order', 'orders')} of ${subject} not accepted: within a minute of the deadline, or past it`,
    expression: told('orders_at_risk'),
    prometheusFor: '0s',
  },
}
