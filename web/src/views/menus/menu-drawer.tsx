import { MenuDocument } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useText } from '../../text/text'
import { PanelDialog } from '../../ui/panel-dialog'
import { providerTitle } from '../../ui/parts'
import { Empty, Loaded } from '../../ui/states'
import { itemName } from './item-name'
import { MenuVersions, type OpenMenu } from './menu-versions'

export function MenuDrawer({ id, onClose }: { readonly id: string; onClose(): void }) {
  const { t } = useText()
  const query = useApi(MenuDocument, { variables: { id } })
  return (
    <PanelDialog kind="drawer" title={t('menus.menu')} onClose={onClose}>
      <Loaded query={query} lines={10}>
        {({ menu }) => (menu === null ? <Empty title={t('menus.notFound')} detail={id} /> : <Detail menu={menu} />)}
      </Loaded>
    </PanelDialog>
  )
}

function Detail({ menu }: { readonly menu: OpenMenu }) {
  const { t, time } = useText()
  return (
    <>
      <div>
        <p className="event-name">{menu.clientId}</p>
        <p className="soft">
          {providerTitle(menu.provider)}
          {menu.storeRef !== null && <bdi> · {menu.storeRef}</bdi>} · {time(menu.updatedAt)}
        </p>
      </div>
      <section>
        <h3>{t('menus.versions')}</h3>
        <MenuVersions menu={menu} />
      </section>
      <section>
        <h3>{t('menus.items', { count: menu.items.length })}</h3>
        <Items items={menu.items} />
      </section>
    </>
  )
}

function Items({ items }: { readonly items: OpenMenu['items'] }) {
  const { t, money, language } = useText()
  if (items.length === 0) return <p className="soft">{t('menus.noItems')}</p>
  return (
    <ul className="menu-items">
      {items.map((item) => (
        <li key={item.externalId}>
          <bdi>{itemName(item, language)}</bdi>
          {item.available === false && (
            <span className="badge" data-tone="bad">
              {t('menus.soldOut')}
            </span>
          )}
          <span className="figure">{item.price === null ? '–' : money(item.price)}</span>
        </li>
      ))}
    </ul>
  )
}
