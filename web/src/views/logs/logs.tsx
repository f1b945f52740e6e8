import { useSearchParams } from 'wouter'
import { LogsDocument, ProvidersDocument } from '../../api/generated'
import { useApi, usePages } from '../../api/hooks'
import { useText } from '../../text/text'
import { LogTable } from '../../ui/log-table'
import { PagesFoot } from '../../ui/pages-foot'
import { providerTitle, ViewHead } from '../../ui/parts'
import { Empty, Fault, Loading } from '../../ui/states'
import { filterOf, LOG_PARAMETERS, STATUSES } from './log-filter'
import { ReplayButton } from './replay'

const PAGE = 50

/** The search is in the address: it survives a reload and can be sent to a colleague. */
export function LogsView() {
  const { t } = useText()
  return (
    <div className="view">
      <ViewHead title={t('view.logs')} lead={t('logs.lead')}>
        <ReplayButton />
      </ViewHead>
      <section className="panel">
        <LogSearch />
        <LogPages />
      </section>
    </div>
  )
}

function LogPages() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const filter = filterOf(search)
  const query = usePages(LogsDocument, { filter, first: PAGE }, ({ logs }) => logs.pageInfo)
  if (query.data === undefined)
    return query.error === null ? (
      <Loading lines={12} />
    ) : (
      <Fault fault={query.error} onAgain={() => void query.refetch()} />
    )
  const logs = query.data.flatMap((page) => page.logs.edges.map(({ node }) => node))
  if (logs.length === 0)
    return (
      <Empty title={t('logs.empty')} detail={t('logs.emptyDetail')}>
        <button type="button" onClick={() => setSearch(new URLSearchParams())}>
          {t('live.clear')}
        </button>
      </Empty>
    )
  return (
    <>
      <LogTable label={t('view.logs')} logs={logs} />
      <PagesFoot shown={logs.length} total={query.data[0]?.logs.totalCount ?? 0} pages={query} />
    </>
  )
}

function LogSearch() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const providers = useApi(ProvidersDocument, { variables: {} })
  const set = (name: string, value: string): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const names = [...new Set(providers.data?.providers.map(({ name }) => name))]
  return (
    <search className="toolbar">
      <label>
        <span>{t('logs.search')}</span>
        <input
          type="search"
          dir="ltr"
          value={search.get('search') ?? ''}
          onChange={({ target }) => set('search', target.value)}
        />
      </label>
      <label>
        <span>{t('logs.status')}</span>
        <select value={search.get('status') ?? ''} onChange={({ target }) => set('status', target.value)}>
          <option value="">{t('state.all')}</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t('live.platform')}</span>
        <select value={search.get('provider') ?? ''} onChange={({ target }) => set('provider', target.value)}>
          <option value="">{t('state.all')}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {providerTitle(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t('logs.client')}</span>
        <input
          type="search"
          value={search.get('client') ?? ''}
          onChange={({ target }) => set('client', target.value)}
        />
      </label>
      <label>
        <span>{t('logs.from')}</span>
        <input
          type="datetime-local"
          value={search.get('from') ?? ''}
          onChange={({ target }) => set('from', target.value)}
        />
      </label>
      <label>
        <span>{t('logs.to')}</span>
        <input
          type="datetime-local"
          value={search.get('to') ?? ''}
          onChange={({ target }) => set('to', target.value)}
        />
      </label>
      {LOG_PARAMETERS.some((name) => search.has(name)) && (
        <button type="button" className="quiet" onClick={() => setSearch(new URLSearchParams())}>
          {t('live.clear')}
        </button>
      )}
    </search>
  )
}
