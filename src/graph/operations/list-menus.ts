import type { Menu } from '../../domain/menu.js'
import { ownedBy, scopeClient, type Viewer } from '../auth.js'
import type { Listed, MenuFilter, MenuReader, Page } from '../ports.js'

/** A page of menus this caller may see, and how many there are in all. */
export async function listMenus(
  viewer: Viewer,
  filter: MenuFilter,
  page: Page,
  menus: MenuReader,
): Promise<Listed<Menu> & { total(): Promise<number> }> {
  const clientId = scopeClient(viewer, filter.clientId)
  const scoped = { ...filter, ...(clientId !== undefined && { clientId }) }
  return { ...(await menus.listMenus(scoped, page)), total: () => menus.countMenus(scoped) }
}

export async function findMenu(viewer: Viewer, id: string, menus: MenuReader): Promise<Menu> {
  return ownedBy(viewer, await menus.findMenu(id), 'menu')
}
