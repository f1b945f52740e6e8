import { MenuDocument } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useText } from '../../text/text'
import { PanelDialog } from '../../ui/panel-dialog'
import { providerTitle } from '../../ui/parts'
import { Empty, Loaded } from '../../ui/states'
import { itemName } from './item-name'
import { MenuVersions, type OpenMenu } from './menu-versions'
import { sections } from './sections'

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
        <Items menu={menu} />
      </section>
    </>
  )
}

/** Under their categories where the platform has some. */
function Items({ menu }: { readonly menu: OpenMenu }) {
  const { t, language } = useText()
  if (menu.items.length === 0) return <p className="soft">{t('menus.noItems')}</p>
  return sections(menu).map(({ category, items }) => (
    <div key={category?.externalId ?? ''}>
      {category && (
        <h4>
          <bdi>{itemName(category, language)}</bdi>
        </h4>
      )}
      <ul className="menu-items">
        {items.map((item) => (
          <Item key={item.externalId} item={item} />
        ))}
      </ul>
    </div>
  ))
}

function Item({ item }: { readonly item: OpenMenu['items'][number] }) {
  const { t, money, language } = useText()
  return (
    <li>
      <bdi>{itemName(item, language)}</bdi>
      {item.available === false && (
        <span className="badge" data-tone="bad">
          {t('menus.soldOut')}
        </span>
      )}
      <span className="figure">{item.price === null ? '–' : money(item.price)}</span>
    </li>
  )
}
