import type { MenuCategory, MenuGroup, MenuItem, MenuUpdate } from '../../domain/menu.js'
import { count, flag, isRecord, text, toUtc } from '../read.js'
import type { MenuItemMap, MenuMap } from '../table.js'
import { readAmount } from './amount.js'
import { readField, type Source } from './field.js'
import type { MoneyForm } from './order-map.js'
import { type Path, valueAt, valuesAt } from './path.js'

/** What an event says of a store's menu. Never throws; what has no id is left out. */
export function mapMenu(map: MenuMap, source: Source): MenuUpdate {
  const { categories, items = [], groups, errors } = map
  const maps = isItemMap(items) ? [items] : items
  return {
    storeRef: readField(source, map.storeRef, text),
    status: readField(source, map.status, text),
    complete: readField(source, map.complete, flag) ?? false,
    categories: categories === undefined ? [] : each(source, categories.at, (one) => categoryOf(categories, one)),
    items: maps.flatMap((item) => each(source, item.at, (one) => itemOf(item, one, map.money ?? 'decimal'))),
    groups: groups === undefined ? [] : each(source, groups.at, (one) => groupOf(groups, one)),
    errors: errors === undefined ? [] : valuesAt(source, errors).map((error) => text(error) ?? JSON.stringify(error)),
  }
}

/** Array.isArray does not narrow readonly arrays. */
function isItemMap(items: MenuItemMap | readonly MenuItemMap[]): items is MenuItemMap {
  return !Array.isArray(items)
}

function each<T>(source: Source, at: Path, read: (one: unknown) => T | null): readonly T[] {
  return valuesAt(source, at).flatMap((one) => read(one) ?? [])
}

function categoryOf(map: NonNullable<MenuMap['categories']>, category: unknown): MenuCategory | null {
  const externalId = readField(category, map.externalId, text)
  if (externalId === null) return null
  return { externalId, name: readField(category, map.name, names), itemIds: idsAt(category, map.itemIds) }
}

function itemOf(map: MenuItemMap, item: unknown, money: MoneyForm): MenuItem | null {
  const externalId = readField(item, map.externalId, text)
  if (externalId === null) return null
  return {
    externalId,
    name: readField(item, map.name, names),
    price:
      map.price === undefined ? null : readAmount(money, valueAt(item, map.price), readField(item, map.currency, text)),
    available: readField(item, map.available, flag),
    unavailableUntil: readField(item, map.unavailableUntil, toUtc),
    categoryIds: idsAt(item, map.categoryIds),
    groupIds: idsAt(item, map.groupIds),
  }
}

function groupOf(map: NonNullable<MenuMap['groups']>, group: unknown): MenuGroup | null {
  const externalId = readField(group, map.externalId, text)
  if (externalId === null) return null
  return {
    externalId,
    name: readField(group, map.name, names),
    min: readField(group, map.min, count),
    max: readField(group, map.max, count),
    itemIds: idsAt(group, map.itemIds),
  }
}

function idsAt(value: unknown, path: Path | undefined): readonly string[] {
  return path === undefined ? [] : valuesAt(value, path).flatMap((id) => text(id) ?? [])
}

/** Text, or text by language; `und` (undetermined, BCP 47) where the platform does not say which. */
function names(value: unknown): Readonly<Record<string, string>> | null {
  if (!isRecord(value)) {
    const name = text(value)
    return name === null ? null : { und: name }
  }
  const told = Object.entries(value).flatMap(([language, each]) => {
    const name = text(each)
    return name === null || !LANGUAGE.test(language) ? [] : [[language, name] as const]
  })
  return told.length === 0 ? null : Object.fromEntries(told)
}

const LANGUAGE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/
