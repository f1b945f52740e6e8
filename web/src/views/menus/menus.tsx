import { Link, useSearchParams } from 'wouter'
import { MenusDocument, type MenusQuery } from '../../api/generated'
import { usePages } from '../../api/hooks'
import { useText } from '../../text/text'
import { PagesFoot } from '../../ui/pages-foot'
import { providerTitle, ViewHead } from '../../ui/parts'
import { Empty, Fault, Loading } from '../../ui/states'
import { MenuDrawer } from './menu-drawer'

const PAGE = 50

/** Every store's menu as its platform told it; one opens over the list. */
export function MenusView() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const open = search.get('menu')
  return (
    <div className="view">
      <ViewHead title={t('view.menus')} lead={t('menus.lead')} />
      <section className="panel">
        <MenuPages />
      </section>
      {open !== null && <MenuDrawer key={open} id={open} onClose={() => setSearch(new URLSearchParams())} />}
    </div>
  )
}

function MenuPages() {
  const { t } = useText()
  const query = usePages(MenusDocument, { first: PAGE }, ({ menus }) => menus.pageInfo)
  if (query.data === undefined)
    return query.error === null ? (
      <Loading lines={6} />
    ) : (
      <Fault fault={query.error} onAgain={() => void query.refetch()} />
    )
  const menus = query.data.flatMap((page) => page.menus.edges.map(({ node }) => node))
  if (menus.length === 0) return <Empty title={t('menus.empty')} detail={t('menus.emptyDetail')} />
  return (
    <>
      <MenuTable menus={menus} />
      <PagesFoot shown={menus.length} total={query.data[0]?.menus.totalCount ?? 0} pages={query} />
    </>
  )
}

function MenuTable({ menus }: { readonly menus: readonly MenusQuery['menus']['edges'][number]['node'][] }) {
  const { t, time, number } = useText()
  return (
    <section className="table-scroll" tabIndex={0} aria-label={t('view.menus')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('column.client')}</th>
            <th scope="col">{t('column.platform')}</th>
            <th scope="col">{t('menus.store')}</th>
            <th scope="col" className="figure">
              {t('menus.version')}
            </th>
            <th scope="col">{t('menus.updated')}</th>
          </tr>
        </thead>
        <tbody>
          {menus.map(({ id, clientId, provider, storeRef, version, updatedAt }) => (
            <tr key={id}>
              <td>
                <Link href={`/menus?menu=${encodeURIComponent(id)}`} className="row-link">
                  {clientId}
                </Link>
              </td>
              <td>{providerTitle(provider)}</td>
              <td>{storeRef === null ? '–' : <bdi>{storeRef}</bdi>}</td>
              <td className="figure">{number(version)}</td>
              <td>{time(updatedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
