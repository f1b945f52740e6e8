import type { Collection, Db } from 'mongodb'
import type { Menu } from '../domain/menu.js'
import type { MenuReader } from '../graph/ports.js'

/** A menu as stored: what is in it as text, for its keys are languages and not ours. */
export type StoredMenu = Pick<Menu, 'provider' | 'clientId' | 'storeRef' | 'version' | 'updatedAt'> & {
  readonly _id: string
  readonly content: string
  readonly epoch: number
}

export function menuCollection(db: Db): Collection<StoredMenu> {
  return db.collection<StoredMenu>('menus')
}

/** Reads menus, by id upwards. */
export function createMenuReader(db: Db): MenuReader {
  const menus = menuCollection(db)
  return {
    findMenu: async (id) => {
      const stored = await menus.findOne({ _id: id })
      return stored === null ? null : fromStoredMenu(stored)
    },
    listMenus: async ({ clientId, provider }, { limit, after }) => {
      const found = await menus
        .find({
          ...(clientId !== undefined && { clientId }),
          ...(provider !== undefined && { provider }),
          ...(after !== undefined && { _id: { $gt: after } }),
        })
        .sort({ _id: 1 })
        .limit(limit + 1)
        .toArray()
      return { menus: found.slice(0, limit).map(fromStoredMenu), hasMore: found.length > limit }
    },
  }
}

export function toStoredMenu(menu: Menu, epoch: number): Omit<StoredMenu, '_id'> {
  const { provider, clientId, storeRef, version, updatedAt, items, groups, versions } = menu
  const content = JSON.stringify({ items, groups, versions })
  return { provider, clientId, storeRef, version, updatedAt, content, epoch }
}

export function fromStoredMenu({ _id: id, content, epoch: _, ...menu }: StoredMenu): Menu {
  // Our own text, written by toStoredMenu.
  return { ...menu, id, ...(JSON.parse(content) as Pick<Menu, 'items' | 'groups' | 'versions'>) }
}
