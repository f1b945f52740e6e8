import type { Severity } from '../../domain/alert.js'

/** A rule of Prometheus. Its section in docs/operations/runbook.md has its name. */
export type PrometheusRule = {
  readonly alert: string
  readonly severity: Severity
  readonly expression: string
  /** How long it must hold before it fires, in Prometheus's notation. */
  readonly for: string
  readonly summary: string
}

/**
 * What is told by Prometheus alone, beside the rules of `rules.ts`: what a process cannot say of itself (it is down, it is
 * blocked), and causes that help whoever looks after an installation to find the place.
 */
export const PROMETHEUS_ONLY: readonly PrometheusRule[] = [
  {
    alert: 'OrderwireInstanceDown',
    severity: 'warning',
    expression: 'up{job="orderwire"} == 0',
    for: '2m',
    summary: '{{ $labels.instance }} does not answer',
  },
  {
    alert: 'OrderwireRefusesOrders',
    severity: 'critical',
    expression: 'sum(rate(webhook_requests_total{status=~"5.."}[5m])) / sum(rate(webhook_requests_total[5m])) > 0.01',
    for: '2m',
    summary:
      '{{ $value | humanizePercentage }} of webhooks are answered 5xx: platforms send them again, but not for ever',
  },
  {
    alert: 'OrderwireAnswersSlowly',
    severity: 'warning',
    expression: 'histogram_quantile(0.99, sum by (le) (rate(webhook_processing_duration_seconds_bucket[5m]))) > 1',
    for: '5m',
    summary: 'One in a hundred webhooks waits {{ $value | humanizeDuration }} for its answer',
  },
  {
    alert: 'OrderwireCommitsSlowly',
    severity: 'warning',
    expression: 'histogram_quantile(0.99, sum by (le) (rate(orderwire_commit_duration_seconds_bucket[5m]))) > 0.5',
    for: '5m',
    summary: "Durable commits take {{ $value | humanizeDuration }}: NATS's disks are slow or its quorum is thin",
  },
  {
    alert: 'OrderwireRefusesSignatures',
    severity: 'warning',
    expression:
      'sum by (provider) (rate(webhook_requests_total{status="401"}[10m])) / sum by (provider) (rate(webhook_requests_total[10m])) > 0.2',
    for: '10m',
    summary: "{{ $value | humanizePercentage }} of {{ $labels.provider }}'s webhooks have a wrong signature",
  },
  {
    alert: 'OrderwireDispatchFallsBehind',
    severity: 'critical',
    // Every instance tells the same depth of the same stream.
    expression: 'max(orderwire_queue_depth{queue="dispatch"}) > 1000',
    for: '5m',
    summary: '{{ $value }} accepted webhooks wait for dispatch',
  },
  {
    alert: 'OrderwireDeliveriesFail',
    severity: 'warning',
    expression:
      'sum by (provider) (rate(orderwire_delivery_attempts_total{result!="delivered"}[15m])) / sum by (provider) (rate(orderwire_delivery_attempts_total[15m])) > 0.25',
    for: '15m',
    summary: "{{ $value | humanizePercentage }} of the attempts to deliver {{ $labels.provider }}'s events fail",
  },
  {
    alert: 'OrderwireEndpointsStayDown',
    severity: 'warning',
    // Processors open their breakers each for itself, on the same endpoints.
    expression: 'max(orderwire_open_breakers) > 0',
    for: '30m',
    summary: 'Deliveries to {{ $value }} endpoints have been held for half an hour: they are down',
  },
  {
    alert: 'OrderwireSchedulingStopped',
    severity: 'critical',
    expression: 'max(orderwire_overdue_schedules) > 0',
    for: '2m',
    summary: '{{ $value }} scheduled deliveries have not come back from NATS in time',
  },
  {
    alert: 'OrderwireRecordsNothing',
    severity: 'warning',
    expression:
      'sum(rate(orderwire_delivery_attempts_total[10m])) > 0 and (sum(rate(orderwire_record_batch_duration_seconds_count[10m])) or vector(0)) == 0',
    for: '10m',
    summary: 'Deliveries go on, but no log is written: MongoDB is away or refuses',
  },
  {
    alert: 'OrderwireRetentionFallsBehind',
    severity: 'warning',
    expression: 'max by (what) (orderwire_expired_present) > 0',
    for: '6h',
    summary: '{{ $value }} {{ $labels.what }} are past their time and still there after six hours of sweeps',
  },
  {
    alert: 'OrderwireEventLoopBlocked',
    severity: 'warning',
    expression: 'nodejs_eventloop_lag_p99_seconds{job="orderwire"} > 0.5',
    for: '5m',
    summary: '{{ $labels.instance }} blocks for {{ $value | humanizeDuration }}: it has too little CPU',
  },
]
