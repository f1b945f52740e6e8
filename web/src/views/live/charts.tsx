import { useMemo } from 'react'
import { percentile, type Second, sortedTimes } from '../../live/rates'
import { useRates } from '../../live/use-feed'
import { useText } from '../../text/text'
import { Chart } from '../../ui/chart'

/** Each point is this many seconds: a second alone is noise. */
const POINT_SECONDS = 5

type Point = {
  readonly at: number
  readonly accepted: number | null
  readonly failed: number | null
  readonly rejected: number | null
  readonly p50: number | null
  readonly p95: number | null
}

/** Rate, delivery time and failures of the last five minutes; they move with the stream. */
export function LiveCharts() {
  const { t, number } = useText()
  const seconds = useRates()
  const points = useMemo(() => pointsOf(seconds), [seconds])
  const times = useMemo(() => points.map(({ at }) => at), [points])
  const last = points.at(-1)
  const label = (title: string, now: number | null | undefined): string =>
    t('chart.label', { title, now: now == null ? '–' : number(Math.round(now * 10) / 10) })
  return (
    <section className="charts" aria-label={t('chart.region')} tabIndex={0}>
      <Chart
        title={t('chart.rate')}
        label={label(t('chart.rate'), last?.accepted)}
        seconds={times}
        series={[
          {
            label: t('chart.accepted'),
            tone: 'accent',
            isFilled: true,
            values: points.map(({ accepted }) => accepted),
          },
        ]}
      />
      <Chart
        title={t('chart.latency')}
        label={label(t('chart.latency'), last?.p95)}
        seconds={times}
        series={[
          { label: 'p50', tone: 'busy', values: points.map(({ p50 }) => p50) },
          { label: 'p95', tone: 'warn', values: points.map(({ p95 }) => p95) },
        ]}
      />
      <Chart
        title={t('chart.errors')}
        label={label(t('chart.errors'), last?.failed)}
        seconds={times}
        series={[
          { label: t('chart.failed'), tone: 'bad', isFilled: true, values: points.map(({ failed }) => failed) },
          { label: t('chart.rejected'), tone: 'soft', values: points.map(({ rejected }) => rejected) },
        ]}
      />
    </section>
  )
}

/** Rates are per second; the points' edges stand still while time goes on, so that what is drawn does not flicker. */
function pointsOf(seconds: readonly Second[]): readonly Point[] {
  const groups = new Map<number, Second[]>()
  for (const second of seconds) {
    const at = Math.floor(second.at / POINT_SECONDS) * POINT_SECONDS
    const group = groups.get(at)
    if (group === undefined) groups.set(at, [second])
    else group.push(second)
  }
  // The first and the last group are seldom whole.
  return [...groups].slice(1, -1).map(([at, group]) => {
    const times = sortedTimes(group)
    const rate = (of: (second: Second) => number): number | null =>
      group.some(({ isKnown }) => !isKnown)
        ? null
        : group.reduce((total, second) => total + of(second), 0) / POINT_SECONDS
    return {
      at,
      accepted: rate(({ accepted }) => accepted),
      failed: rate(({ retrying, dead, failed }) => retrying + dead + failed),
      rejected: rate(({ rejected }) => rejected),
      p50: percentile(times, 0.5),
      p95: percentile(times, 0.95),
    }
  })
}
