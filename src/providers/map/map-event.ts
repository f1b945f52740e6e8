import type { Courier, ReportedChange, StoreChange } from '../../domain/event.js'
import { toE164 } from '../../domain/phone.js'
import { coordinate, text, toUtc } from '../read.js'
import type { ChangeMap, CourierMap, StoreMap } from '../table.js'
import { readField, type Source } from './field.js'

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

export function mapStore(map: StoreMap, source: Source): StoreChange | null {
  const storeRef = readField(source, map.storeRef, text)
  const status = readField(source, map.status, text)
  return storeRef === null || status === null ? null : { storeRef, status, reason: readField(source, map.reason, text) }
}
