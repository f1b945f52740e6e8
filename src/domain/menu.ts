import { z } from 'zod'
import { moneySchema } from './order.js'

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

export const menuGroupSchema = z
  .object({
    externalId: z.string(),
    name: namesSchema.nullable(),
    min: z.int().nullable(),
    max: z.int().nullable(),
    itemIds: z.array(z.string()).readonly(),
  })
  .readonly()

/** What a platform said of a store's menu. Null in an item is "not told": what was known stays. */
export const menuUpdateSchema = z
  .object({
    storeRef: z.string().nullable(),
    /** How the platform's import went (`done`, `failed` …); null where the event is the menu itself. */
    status: z.string().nullable(),
    /** Whether `items` is the whole menu: what it leaves out is gone. */
    complete: z.boolean(),
    items: z.array(menuItemSchema).readonly(),
    groups: z.array(menuGroupSchema).readonly(),
    errors: z.array(z.string()).readonly(),
  })
  .readonly()
export type MenuUpdate = z.infer<typeof menuUpdateSchema>

/** What one update changed. */
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

/** The menu after an update, and what that changed. Items keep what the update does not tell. */
export function applyMenuUpdate(
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
