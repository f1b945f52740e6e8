import { useSearchParams } from 'wouter'
import { AuditLogDocument, type AuditLogQuery } from '../../api/generated'
import { usePages } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { PagesFoot } from '../../ui/pages-foot'
import { Json, ViewHead } from '../../ui/parts'
import { Empty, Fault, Loading } from '../../ui/states'

const PAGE = 50

/** Who changed what; the server tells admins only. */
export function AuditView() {
  const { t } = useText()
  const may = useMay('admin')
  return (
    <div className="view">
      <ViewHead title={t('view.audit')} lead={t('audit.lead')} />
      <section className="panel">
        {may ? (
          <>
            <ClientSearch />
            <Records />
          </>
        ) : (
          <Empty title={t('audit.admins')} detail={t('state.needsRole', { role: 'admin' })} />
        )}
      </section>
    </div>
  )
}

function ClientSearch() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  return (
    <search className="toolbar">
      <label>
        <span>{t('logs.client')}</span>
        <input
          type="search"
          value={search.get('client') ?? ''}
          onChange={({ target }) =>
            setSearch(target.value === '' ? new URLSearchParams() : { client: target.value }, { replace: true })
          }
        />
      </label>
    </search>
  )
}

function Records() {
  const { t } = useText()
  const [search] = useSearchParams()
  const clientId = search.get('client')?.trim()
  const query = usePages(
    AuditLogDocument,
    { first: PAGE, ...(clientId && { filter: { clientId } }) },
    ({ auditLog }) => auditLog.pageInfo,
  )
  if (query.data === undefined)
    return query.error === null ? (
      <Loading lines={8} />
    ) : (
      <Fault fault={query.error} onAgain={() => void query.refetch()} />
    )
  const records = query.data.flatMap((page) => page.auditLog.edges.map(({ node }) => node))
  if (records.length === 0) return <Empty title={t('audit.empty')} detail={t('audit.emptyDetail')} />
  return (
    <>
      <RecordTable records={records} />
      <PagesFoot shown={records.length} total={query.data[0]?.auditLog.totalCount ?? 0} pages={query} />
    </>
  )
}

function RecordTable({ records }: { readonly records: readonly AuditLogQuery['auditLog']['edges'][number]['node'][] }) {
  const { t, time } = useText()
  return (
    <section className="table-scroll" tabIndex={0} aria-label={t('view.audit')}>
      <table className="audit-table">
        <thead>
          <tr>
            <th scope="col">{t('column.time')}</th>
            <th scope="col">{t('audit.who')}</th>
            <th scope="col">{t('audit.action')}</th>
            <th scope="col">{t('column.client')}</th>
            <th scope="col">{t('audit.target')}</th>
            <th scope="col">{t('audit.from')}</th>
            <th scope="col">{t('audit.changes')}</th>
          </tr>
        </thead>
        <tbody>
          {records.map(({ id, at, actor, action, clientId, targetId, remoteAddress, via, changes }) => (
            <tr key={id}>
              <td>{time(at)}</td>
              <td>
                <bdi>{actor.subject ?? actor.role}</bdi>
                {actor.subject !== null && <span className="soft"> {actor.role}</span>}
              </td>
              <td>
                <code dir="ltr">{action}</code>
              </td>
              <td>{clientId}</td>
              <td className="mono">
                <bdi>{targetId}</bdi>
              </td>
              <td className="soft">
                <bdi>{remoteAddress}</bdi> · {via}
              </td>
              <td>{changes !== null && <Json title={t('audit.show')} value={changes} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
