import { z } from 'zod'
import { menuIdOf } from './ids.js'
import { moneySchema } from './order.js'
import type { ProviderName } from './provider.js'

/** Names by language (`en`, `ar`; `und` where the platform does not say). */
const namesSchema = z.record(z.string(), z.string()).readonly()

export const menuItemSchema = z
  .object({
    externalId: z.string(),
    name: namesSchema.nullable(),
    price: moneySchema.nullable(),
    available: z.boolean().nullable(),
    unavailableUntil: z.iso.datetime().nullable(),
    categoryIds: z.array(z.string()).readonly(),
    groupIds: z.array(z.string()).readonly(),
  })
  .readonly()
export type MenuItem = z.infer<typeof menuItemSchema>

/** A choice that goes with items: between `min` and `max` of the items it names. */
const menuGroupSchema = z
  .object({
    externalId: z.string(),
    name: namesSchema.nullable(),
    min: z.int().nullable(),
    max: z.int().nullable(),
    itemIds: z.array(z.string()).readonly(),
  })
  .readonly()

export type MenuGroup = z.infer<typeof menuGroupSchema>

const menuCategorySchema = z
  .object({ externalId: z.string(), name: namesSchema.nullable(), itemIds: z.array(z.string()).readonly() })
  .readonly()
export type MenuCategory = z.infer<typeof menuCategorySchema>

/** What a platform said of a store's menu. Null in an item is "not told": what was known stays. */
export const menuUpdateSchema = z
  .object({
    storeRef: z.string().nullable(),
    /** How the platform's import went (`done`, `failed` …); null where the event is the menu itself. */
    status: z.string().nullable(),
    /** Whether `items` is the whole menu: what it leaves out is gone. */
    complete: z.boolean(),
    categories: z.array(menuCategorySchema).readonly(),
    /** Dishes, and what groups offer with them. */
    items: z.array(menuItemSchema).readonly(),
    groups: z.array(menuGroupSchema).readonly(),
    errors: z.array(z.string()).readonly(),
  })
  .readonly()
export type MenuUpdate = z.infer<typeof menuUpdateSchema>

/** What one update changed, by the items' external ids. */
export type MenuDiff = {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly price: readonly {
    readonly externalId: string
    readonly from: MenuItem['price']
    readonly to: MenuItem['price']
  }[]
  readonly availability: readonly { readonly externalId: string; readonly available: boolean }[]
}

/** One update as the menu remembers it. */
export type MenuVersion = {
  /** Counts the updates that were applied; that of a late one is the version it found. */
  readonly version: number
  readonly eventId: string
  /** The platform's time. */
  readonly occurredAt: string
  /** `late`: a newer update had been applied already, so this one changed nothing. */
  readonly outcome: 'applied' | 'late'
  /** How the platform's import went, where it said so. */
  readonly status: string | null
  readonly errors: readonly string[]
  readonly diff: MenuDiff
}

/** A store's menu on one platform, as its events told it. */
export type Menu = {
  readonly id: string
  readonly provider: ProviderName
  readonly clientId: string
  readonly storeRef: string | null
  readonly version: number
  readonly categories: readonly MenuCategory[]
  readonly items: readonly MenuItem[]
  readonly groups: readonly MenuGroup[]
  readonly updatedAt: string
  /** The newest last, bounded. */
  readonly versions: readonly MenuVersion[]
}

/** Updates a menu remembers. */
const MAX_VERSIONS = 50
/** Ids a remembered difference names of each kind; a first whole menu would name thousands. */
const MAX_DIFF = 500

/** The menu with one more update taken in; the same menu where it knows the event already. */
export function applyMenuEvent(
  menu: Menu | null,
  event: {
    readonly id: string
    readonly provider: ProviderName
    readonly clientId: string
    readonly occurredAt: string
    readonly update: MenuUpdate
  },
): Menu {
  const known = menu ?? emptyMenu(event)
  if (known.versions.some(({ eventId }) => eventId === event.id)) return known
  const { id: eventId, occurredAt, update } = event
  const told = { eventId, occurredAt, status: update.status, errors: update.errors }
  const last = known.versions.findLast(({ outcome }) => outcome === 'applied')
  if (last !== undefined && occurredAt < last.occurredAt)
    return remember(known, { ...told, version: known.version, outcome: 'late', diff: NOTHING })
  const { items, diff } = applyMenuUpdate(known.items, update)
  const version = known.version + 1
  return {
    ...remember(known, { ...told, version, outcome: 'applied', diff: bounded(diff) }),
    version,
    items,
    categories: update.complete || update.categories.length > 0 ? update.categories : known.categories,
    groups: update.complete || update.groups.length > 0 ? update.groups : known.groups,
    updatedAt: occurredAt,
  }
}

const NOTHING: MenuDiff = { added: [], removed: [], price: [], availability: [] }

function emptyMenu(event: Parameters<typeof applyMenuEvent>[1]): Menu {
  const { provider, clientId, occurredAt, update } = event
  return {
    id: menuIdOf(provider, clientId, update.storeRef),
    provider,
    clientId,
    storeRef: update.storeRef,
    version: 0,
    categories: [],
    items: [],
    groups: [],
    updatedAt: occurredAt,
    versions: [],
  }
}

function remember(menu: Menu, version: MenuVersion): Menu {
  return { ...menu, versions: [...menu.versions, version].slice(-MAX_VERSIONS) }
}

function bounded({ added, removed, price, availability }: MenuDiff): MenuDiff {
  return {
    added: added.slice(0, MAX_DIFF),
    removed: removed.slice(0, MAX_DIFF),
    price: price.slice(0, MAX_DIFF),
    availability: availability.slice(0, MAX_DIFF),
  }
}

/** The menu after an update, and what that changed. Items keep what the update does not tell. */
function applyMenuUpdate(
  items: readonly MenuItem[],
  update: MenuUpdate,
): { readonly items: readonly MenuItem[]; readonly diff: MenuDiff } {
  const before = new Map(items.map((item) => [item.externalId, item]))
  const after = new Map(update.complete ? [] : before)
  const diff = {
    added: [] as string[],
    removed: [] as string[],
    price: [] as MenuDiff['price'][number][],
    availability: [] as MenuDiff['availability'][number][],
  }
  for (const told of update.items) {
    const known = before.get(told.externalId)
    const next = known === undefined ? told : merge(known, told)
    after.set(told.externalId, next)
    if (known === undefined) diff.added.push(told.externalId)
    else if (!samePrice(known.price, next.price))
      diff.price.push({ externalId: told.externalId, from: known.price, to: next.price })
    if (next.available !== null && next.available !== known?.available && (known !== undefined || !next.available))
      diff.availability.push({ externalId: told.externalId, available: next.available })
  }
  for (const id of before.keys()) if (!after.has(id)) diff.removed.push(id)
  return { items: [...after.values()], diff }
}

function merge(known: MenuItem, told: MenuItem): MenuItem {
  return {
    externalId: known.externalId,
    name: told.name ?? known.name,
    price: told.price ?? known.price,
    available: told.available ?? known.available,
    unavailableUntil: told.available === null ? known.unavailableUntil : told.unavailableUntil,
    categoryIds: told.categoryIds.length > 0 ? told.categoryIds : known.categoryIds,
    groupIds: told.groupIds.length > 0 ? told.groupIds : known.groupIds,
  }
}

function samePrice(a: MenuItem['price'], b: MenuItem['price']): boolean {
  return a?.amount === b?.amount && a?.currency === b?.currency
}
