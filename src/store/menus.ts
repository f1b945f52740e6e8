import type { Collection, Db, Filter } from 'mongodb'
import type { Menu } from '../domain/menu.js'
import type { MenuFilter, MenuReader } from '../graph/ports.js'
import { listPage } from './list-page.js'

/** A menu as stored: what is in it as text, for its keys are languages and not ours. */
export type StoredMenu = Pick<Menu, 'provider' | 'clientId' | 'storeRef' | 'version'> & {
  readonly _id: string
  readonly updatedAt: Date
  readonly content: string
  readonly epoch: number
}

export function menuCollection(db: Db): Collection<StoredMenu> {
  return db.collection<StoredMenu>('menus')
}

/** Reads menus, those that changed last first. */
export function createMenuReader(db: Db): MenuReader {
  const menus = menuCollection(db)
  return {
    findMenu: async (id) => {
      const stored = await menus.findOne({ _id: id })
      return stored === null ? null : fromStoredMenu(stored)
    },
    listMenus: async (filter, page) => {
      const { items, hasMore } = await listPage(menus, toFilter(filter), page, 'updatedAt')
      return { items: items.map(fromStoredMenu), hasMore }
    },
    countMenus: (filter) => menus.countDocuments(toFilter(filter)),
  }
}

function toFilter({ clientId, provider }: MenuFilter): Filter<StoredMenu> {
  return { ...(clientId !== undefined && { clientId }), ...(provider !== undefined && { provider }) }
}

export function toStoredMenu(menu: Menu, epoch: number): Omit<StoredMenu, '_id'> {
  const { provider, clientId, storeRef, version, updatedAt, categories, items, groups, versions } = menu
  const content = JSON.stringify({ categories, items, groups, versions })
  return { provider, clientId, storeRef, version, updatedAt: new Date(updatedAt), content, epoch }
}

export function fromStoredMenu({ _id: id, content, updatedAt, epoch: _, ...menu }: StoredMenu): Menu {
  // Our own text, written by toStoredMenu; menus of the first versions had no categories.
  const inside = JSON.parse(content) as Pick<Menu, 'items' | 'groups' | 'versions'> & Partial<Pick<Menu, 'categories'>>
  return { ...menu, id, updatedAt: updatedAt.toISOString(), categories: [], ...inside }
}
