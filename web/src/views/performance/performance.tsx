import { StatsDocument, type StatsQuery } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useText } from '../../text/text'
import { providerTitle, Tile, ViewHead } from '../../ui/parts'
import { PeriodChoice, usePeriod } from '../../ui/period'
import { Empty, Loaded } from '../../ui/states'
import { LiveCharts } from '../live/charts'
import { Installation } from './installation'
import { Series } from './series'

const ASK_MS = 10_000

export function PerformanceView() {
  const { t } = useText()
  const [period, setPeriod] = usePeriod()
  const query = useApi(StatsDocument, { variables: { period }, everyMs: ASK_MS })
  return (
    <div className="view">
      <ViewHead title={t('view.performance')} lead={t('performance.lead')}>
        <PeriodChoice period={period} onChange={setPeriod} />
      </ViewHead>
      <Loaded query={query} lines={8}>
        {({ stats }) => <Figures stats={stats} />}
      </Loaded>
      <section className="stack">
        <h2 className="section-title">{t('performance.live')}</h2>
        <Installation />
        <LiveCharts />
      </section>
    </div>
  )
}

/** From this success rate on, all is well. */
const GOOD_SHARE = 0.95

function Figures({ stats }: { readonly stats: StatsQuery['stats'] }) {
  const { t, number, percent } = useText()
  const { total, successful, failed, pending, p50, p95, p99 } = stats
  if (total + pending === 0)
    return (
      <section className="panel">
        <Empty title={t('performance.empty')} detail={t('performance.emptyDetail')} />
      </section>
    )
  return (
    <>
      <dl className="tiles">
        <Tile title={t('performance.total')} value={number(total)} />
        <Tile
          title={t('performance.success')}
          value={total === 0 ? '–' : percent(successful / total)}
          tone={total === 0 || successful / total >= GOOD_SHARE ? 'good' : 'bad'}
        />
        <Tile title={t('performance.failed')} value={number(failed)} {...(failed > 0 && { tone: 'bad' as const })} />
        <Tile title={t('performance.pending')} value={number(pending)} />
        <Tile
          title={t('performance.time')}
          value={p95 === null ? '–' : t('unit.ms', { value: p95 })}
          note={p50 === null || p99 === null ? '' : `p50 ${number(p50)} · p99 ${number(p99)}`}
        />
      </dl>
      <Series points={stats.series} />
      <section className="panel">
        <header className="toolbar">
          <h2>{t('performance.platforms')}</h2>
        </header>
        <Platforms rows={stats.providers} />
      </section>
    </>
  )
}

function Platforms({ rows }: { readonly rows: StatsQuery['stats']['providers'] }) {
  const { t, number, percent } = useText()
  const most = Math.max(1, ...rows.map(({ total }) => total))
  return (
    <section className="table-scroll" tabIndex={0} aria-label={t('performance.platforms')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('column.platform')}</th>
            <th scope="col" className="wide">
              {t('chart.share')}
            </th>
            <th scope="col" className="figure">
              {t('column.total')}
            </th>
            <th scope="col" className="figure">
              {t('column.succeeded')}
            </th>
            <th scope="col" className="figure">
              {t('column.failed')}
            </th>
            <th scope="col" className="figure">
              {t('column.rate')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(({ total }) => total > 0)
            .toSorted((a, b) => b.total - a.total)
            .map(({ provider, total, successful, failed }) => (
              <tr key={provider}>
                <td>{providerTitle(provider)}</td>
                <td>
                  <svg className="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect className="bar-good" width={(successful / most) * 100} height="8" />
                    <rect className="bar-bad" x={(successful / most) * 100} width={(failed / most) * 100} height="8" />
                  </svg>
                </td>
                <td className="figure">{number(total)}</td>
                <td className="figure">{number(successful)}</td>
                <td className="figure">{number(failed)}</td>
                <td className="figure">{percent(successful / total)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}
