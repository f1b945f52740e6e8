import type { Courier, ReportedChange, StoreChange } from '../../domain/event.js'
import type { MenuUpdate } from '../../domain/menu.js'
import { minorUnits, parseMoney } from '../../domain/money.js'
import { toE164 } from '../../domain/phone.js'
import { coordinate, flag, text, toUtc } from '../read.js'
import type { ChangeMap, CourierMap, MenuMap, StoreMap } from '../table.js'
import { readField, type Source } from './field.js'
import { valueAt, valuesAt } from './path.js'

/** An id of ours that the platform was given and sends back. */
const ORDER_ID = /^ord_[0-9a-f]{32}$/

type Subject = { readonly orderExternalId: string | null; readonly orderId: string | null }

/** The order an event is about; null where it names none. */
function subjectOf(map: Pick<ChangeMap, 'orderExternalId' | 'orderId'>, source: Source): Subject | null {
  const orderExternalId = readField(source, map.orderExternalId, text)
  const given = readField(source, map.orderId, text)
  const orderId = given !== null && ORDER_ID.test(given) ? given : null
  return orderExternalId === null && orderId === null ? null : { orderExternalId, orderId }
}

export function mapChange(map: ChangeMap, source: Source): ReportedChange | 'no-order' | 'no-status' {
  const subject = subjectOf(map, source)
  if (subject === null) return 'no-order'
  const to = readField(source, map.to, () => null)
  return to === null ? 'no-status' : { ...subject, to, reason: readField(source, map.reason, text) }
}

export function mapCourier(map: CourierMap, source: Source): Courier | null {
  const subject = subjectOf(map, source)
  const status = readField(source, map.status, text)
  if (subject === null || status === null) return null
  const phone = readField(source, map.phone, text)
  return {
    ...subject,
    status,
    name: readField(source, map.name, text),
    phone: phone === null ? null : toE164(phone, null),
    at: readField(source, map.at, toUtc),
    lat: readField(source, map.lat, coordinate),
    lng: readField(source, map.lng, coordinate),
  }
}

export function mapMenu(map: MenuMap, source: Source): MenuUpdate {
  const { items } = map
  return {
    storeRef: readField(source, map.storeRef, text),
    status: readField(source, map.status, text),
    complete: map.complete ?? false,
    items:
      items === undefined ? [] : valuesAt(source, items.at).flatMap((item) => itemOf(items, item, map.money) ?? []),
    groups: [],
    errors:
      map.errors === undefined ? [] : valuesAt(source, map.errors).map((error) => text(error) ?? JSON.stringify(error)),
  }
}

function itemOf(
  map: NonNullable<MenuMap['items']>,
  item: unknown,
  money: MenuMap['money'],
): MenuUpdate['items'][number] | null {
  const externalId = readField(item, map.externalId, text)
  if (externalId === null) return null
  const name = readField(item, map.name, text)
  const currency = readField(item, map.currency, text) ?? ''
  const price = map.price === undefined ? null : valueAt(item, map.price)
  return {
    externalId,
    name: name === null ? null : { und: name },
    price: money === 'minor' ? minorUnits(price, currency) : parseMoney(price, currency),
    available: readField(item, map.available, flag),
    unavailableUntil: readField(item, map.unavailableUntil, toUtc),
    categoryIds: [],
    groupIds: [],
  }
}

export function mapStore(map: StoreMap, source: Source): StoreChange | null {
  const storeRef = readField(source, map.storeRef, text)
  const status = readField(source, map.status, text)
  return storeRef === null || status === null ? null : { storeRef, status, reason: readField(source, map.reason, text) }
}
