import { useMemo } from 'react'
import type { StatsQuery } from '../../api/generated'
import { useText } from '../../text/text'
import { Chart } from '../../ui/chart'

/** The period in steps: events and failures, and how long deliveries took. */
export function Series({ points }: { readonly points: StatsQuery['stats']['series'] }) {
  const { t, number } = useText()
  const times = useMemo(() => points.map(({ at }) => Date.parse(at) / 1_000), [points])
  const last = points.at(-1)
  return (
    <div className="charts pair-of-charts">
      <Chart
        title={t('chart.events')}
        label={t('chart.seriesLabel', { title: t('chart.events'), now: number(last?.total ?? 0) })}
        seconds={times}
        series={[
          {
            label: t('column.succeeded'),
            tone: 'accent',
            isFilled: true,
            values: points.map(({ successful }) => successful),
          },
          { label: t('column.failed'), tone: 'bad', values: points.map(({ failed }) => failed) },
        ]}
      />
      <Chart
        title={t('chart.latency')}
        label={t('chart.seriesLabel', { title: t('chart.latency'), now: number(last?.p95 ?? 0) })}
        seconds={times}
        series={[
          { label: 'p50', tone: 'busy', values: points.map(({ p50 }) => p50) },
          { label: 'p95', tone: 'warn', values: points.map(({ p95 }) => p95) },
          { label: 'p99', tone: 'bad', values: points.map(({ p99 }) => p99) },
        ]}
      />
    </div>
  )
}
