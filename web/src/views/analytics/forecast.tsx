import { useMemo } from 'react'
import { AnalyticsDocument, type AnalyticsQuery, ForecastDocument, type ForecastQuery } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useText } from '../../text/text'
import { Chart } from '../../ui/chart'
import { Empty, Loaded } from '../../ui/states'
import { forecastPoints } from './forecast-points'
import type { Store } from './store'

const ASK_MS = 60_000
const HOURS_AHEAD = 12

/** Orders of the last day and what is expected of the coming hours; hours that were not as expected are marked and listed. */
export function ForecastPanel({ store }: { readonly store: Store }) {
  const { t } = useText()
  const forecast = useApi(ForecastDocument, { variables: { hours: HOURS_AHEAD, ...store }, everyMs: ASK_MS })
  const day = useApi(AnalyticsDocument, { variables: { period: 'DAY', ...store }, everyMs: ASK_MS })
  return (
    <section className="panel">
      <header className="toolbar">
        <h2>{t('forecast.title')}</h2>
      </header>
      <Loaded query={forecast} lines={4}>
        {(known) =>
          known.forecast.hours.length === 0 ? (
            <Empty title={t('forecast.empty')} detail={t('forecast.emptyDetail')} />
          ) : (
            <>
              <ForecastChart forecast={known.forecast} series={day.data?.analytics.series ?? []} />
              <Anomalies anomalies={known.forecast.anomalies} />
            </>
          )
        }
      </Loaded>
    </section>
  )
}

function ForecastChart({
  forecast,
  series,
}: {
  readonly forecast: ForecastQuery['forecast']
  readonly series: AnalyticsQuery['analytics']['series']
}) {
  const { t, number } = useText()
  const points = useMemo(() => forecastPoints(forecast, series), [forecast, series])
  const seconds = useMemo(() => points.map(({ at }) => at / 1_000), [points])
  const total = forecast.hours.reduce((sum, { expected }) => sum + expected, 0)
  return (
    <Chart
      title={t('forecast.chart')}
      label={t('forecast.label', { hours: HOURS_AHEAD, orders: number(Math.round(total)) })}
      seconds={seconds}
      series={[
        { label: t('forecast.actual'), tone: 'accent', isFilled: true, values: points.map(({ actual }) => actual) },
        { label: t('forecast.expected'), tone: 'busy', isDashed: true, values: points.map(({ expected }) => expected) },
        { label: t('forecast.range'), tone: 'soft', values: points.map(({ high }) => high) },
        { label: t('forecast.range'), tone: 'soft', values: points.map(({ low }) => low), isUnlabelled: true },
        { label: t('forecast.anomaly'), tone: 'bad', isDots: true, values: points.map(({ anomaly }) => anomaly) },
      ]}
    />
  )
}

function Anomalies({ anomalies }: { readonly anomalies: ForecastQuery['forecast']['anomalies'] }) {
  const { t, time, number } = useText()
  if (anomalies.length === 0) return <p className="panel-note">{t('forecast.noAnomaly')}</p>
  return (
    <ul className="alerts">
      {anomalies.map(({ at, actual, expected, kind }) => (
        <li key={at} data-tone={kind === 'low' ? 'bad' : 'warn'}>
          <div>
            <p className="alert-title">
              <strong>{t(kind === 'low' ? 'forecast.low' : 'forecast.high')}</strong>
              <span className="soft">{time(at)}</span>
            </p>
            <p>{t('forecast.difference', { actual: number(actual), expected: number(Math.round(expected)) })}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
