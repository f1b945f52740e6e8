import { useSearchParams } from 'wouter'
import { AnalyticsDocument, type AnalyticsQuery } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { largestFirst } from '../../text/currency'
import { useText } from '../../text/text'
import { Tile, ViewHead } from '../../ui/parts'
import { PeriodChoice, usePeriod } from '../../ui/period'
import { Empty, Loaded } from '../../ui/states'
import { ForecastPanel } from './forecast'
import { OrderCharts } from './order-charts'
import { OrderTable } from './order-table'
import { readStore, StoreChoice, storeTitle } from './store'

const ASK_MS = 15_000
/** From these shares on a restaurant loses more orders than it should. */
const GOOD_ACCEPTANCE = 0.95
const HIGH_CANCELLATION = 0.05

/** Orders in the restaurant's words: of all stores, or of the one that the address names. */
export function AnalyticsView() {
  const { t } = useText()
  const [period, setPeriod] = usePeriod()
  const [search] = useSearchParams()
  const store = readStore(search)
  const query = useApi(AnalyticsDocument, { variables: { period, ...store }, everyMs: ASK_MS })
  return (
    <div className="view">
      <ViewHead title={t('view.analytics')} lead={t('analytics.lead')}>
        <StoreChoice period={period} />
        <PeriodChoice period={period} onChange={setPeriod} />
      </ViewHead>
      <Loaded query={query} lines={8}>
        {({ analytics }) => <Figures analytics={analytics} />}
      </Loaded>
      <ForecastPanel store={store} />
    </div>
  )
}

function Figures({ analytics }: { readonly analytics: AnalyticsQuery['analytics'] }) {
  const { t, number, percent, span, money } = useText()
  const { orders, accepted, rejected, cancelled, acceptanceRate, cancelRate, timeToAcceptP50, timeToAcceptP95 } =
    analytics
  // Amounts of different currencies cannot be added up.
  const [most, ...others] = largestFirst(analytics.revenue)
  if (orders === 0)
    return (
      <section className="panel">
        <Empty title={t('analytics.empty')} detail={t('analytics.emptyDetail')} />
      </section>
    )
  return (
    <>
      <dl className="tiles">
        <Tile title={t('analytics.orders')} value={number(orders)} />
        <Tile
          title={t('analytics.acceptance')}
          value={acceptanceRate === null ? '–' : percent(acceptanceRate)}
          note={t('analytics.accepted', { count: accepted })}
          {...(acceptanceRate !== null && { tone: acceptanceRate >= GOOD_ACCEPTANCE ? 'good' : 'warn' })}
        />
        <Tile
          title={t('analytics.cancelled')}
          value={cancelRate === null ? '–' : percent(cancelRate)}
          note={t('analytics.lost', { cancelled, rejected })}
          {...(cancelRate !== null && cancelRate >= HIGH_CANCELLATION && { tone: 'bad' as const })}
        />
        <Tile
          title={t('analytics.timeToAccept')}
          value={timeToAcceptP50 === null ? '–' : span(timeToAcceptP50)}
          note={timeToAcceptP95 === null ? '' : t('analytics.p95', { time: span(timeToAcceptP95) })}
        />
        <Tile
          title={t('analytics.revenue')}
          value={most === undefined ? '–' : money(most)}
          note={others.map(money).join(' · ')}
        />
      </dl>
      <OrderCharts series={analytics.series} revenue={analytics.revenue} />
      <OrderTable
        title={t('analytics.platforms')}
        name={t('column.platform')}
        rows={analytics.platforms}
        nameOf={storeTitle}
      />
      <OrderTable
        title={t('analytics.stores')}
        name={t('analytics.store')}
        rows={analytics.stores}
        nameOf={storeTitle}
      />
    </>
  )
}
