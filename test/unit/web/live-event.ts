import type { LiveEvent } from '../../../web/src/live/rows.js'

/** A fact of the live feed: an order that was dispatched, unless told otherwise. */
export const liveEvent = (change: Partial<LiveEvent> = {}): LiveEvent => ({
  cursor: '1',
  kind: 'DISPATCHED',
  at: '2026-03-13T20:00:00.000Z',
  eventId: 'evt_1',
  provider: 'CAREEM',
  clientId: 'harbour-grill',
  event: 'order.created',
  type: 'order.created',
  status: 'PENDING',
  stage: 'DELIVERING',
  webhookId: null,
  attempt: null,
  statusCode: null,
  responseTime: null,
  error: null,
  ...change,
})
