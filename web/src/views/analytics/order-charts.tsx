import { useMemo } from 'react'
import type { AnalyticsQuery } from '../../api/generated'
import { largestFirst, minorUnits } from '../../text/currency'
import { useText } from '../../text/text'
import { Chart } from '../../ui/chart'

type Analytics = AnalyticsQuery['analytics']

/** Orders and revenue by the hour, or by the day of a month. Revenue is of the currency with the largest number. */
export function OrderCharts({ series, revenue }: Pick<Analytics, 'series' | 'revenue'>) {
  const { t, number, money } = useText()
  const points = useMemo(() => withGaps(series), [series])
  const seconds = useMemo(() => points.map(({ at }) => at / 1_000), [points])
  const currency = largestFirst(revenue)[0]?.currency
  const last = points.at(-1)?.point
  const earned = (point: Analytics['series'][number] | undefined): number =>
    point?.revenue.find((each) => each.currency === currency)?.amount ?? 0
  return (
    <div className="charts pair-of-charts">
      <Chart
        title={t('analytics.orders')}
        label={t('chart.seriesLabel', { title: t('analytics.orders'), now: number(last?.orders ?? 0) })}
        seconds={seconds}
        series={[
          {
            label: t('analytics.placed'),
            tone: 'accent',
            isFilled: true,
            values: points.map(({ point }) => point?.orders ?? 0),
          },
          {
            label: t('orders.column.lost'),
            tone: 'bad',
            values: points.map(({ point }) => (point?.cancelled ?? 0) + (point?.rejected ?? 0)),
          },
        ]}
      />
      {currency !== undefined && (
        <Chart
          title={t('analytics.revenueIn', { currency })}
          label={t('chart.seriesLabel', {
            title: t('analytics.revenue'),
            now: money({ amount: earned(last), currency }),
          })}
          seconds={seconds}
          series={[
            {
              label: currency,
              tone: 'busy',
              isFilled: true,
              values: points.map(({ point }) => earned(point) / minorUnits(currency)),
            },
          ]}
        />
      )}
    </div>
  )
}

/** Steps in which nothing was placed are not in the series: they are none, not unknown. */
function withGaps(series: Analytics['series']) {
  const byTime = new Map(series.map((point) => [Date.parse(point.at), point]))
  const times = [...byTime.keys()]
  const step = Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? at)))
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  if (!Number.isFinite(step) || step <= 0) return times.map((at) => ({ at, point: byTime.get(at) }))
  return Array.from({ length: Math.round((last - first) / step) + 1 }, (_, index) => {
    const at = first + index * step
    return { at, point: byTime.get(at) }
  })
}
