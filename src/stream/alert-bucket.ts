import { NatsError } from 'nats'
import { type Acknowledgement, type Alert, acknowledgementSchema, alertSchema } from '../domain/alert.js'
import { openClientBucket } from './client-bucket.js'
import type { StreamConnection } from './connection.js'

/** An alert with who has seen it. */
export type KnownAlert = { readonly alert: Alert; readonly acknowledgement: Acknowledgement | null }

/**
 * Alerts of the last thirty days, the same in every process: a watched key-value bucket. They need no database, for one
 * that is away is worth an alert.
 */
export type AlertBook = {
  /** Newest first. */
  list(): readonly KnownAlert[]
  find(id: string): KnownAlert | undefined
  save(alert: Alert): Promise<void>
  acknowledge(id: string, acknowledgement: Acknowledgement): Promise<void>
  /** Told of every alert that fires, clears or is acknowledged, from now on. Answers how to stop. */
  onChange(listener: (known: KnownAlert) => void): () => void
  /** Takes or renews the evaluator's lease; false while another holds it. */
  acquireLease(holder: string, ttlMs: number, nowMs: number): Promise<boolean>
}

const ALERT = 'alert.'
const ACKNOWLEDGEMENT = 'acknowledgement.'
const LEASE = 'lease'
const MAX_KEPT = 2_000

export async function openAlertBook(
  connection: StreamConnection,
  bucketName: string,
  options: { readonly signal: AbortSignal; onError(error: unknown): void },
): Promise<AlertBook> {
  const bucket = await openClientBucket(connection, bucketName)
  const alerts = new Map<string, Alert>()
  const acknowledgements = new Map<string, Acknowledgement>()
  const listeners = new Set<(known: KnownAlert) => void>()
  const find = (id: string): KnownAlert | undefined => {
    const alert = alerts.get(id)
    return alert && { alert, acknowledgement: acknowledgements.get(id) ?? null }
  }
  const take = (key: string, record: Uint8Array): void => {
    if (key.startsWith(ALERT)) alerts.set(key.slice(ALERT.length), alertSchema.parse(parse(record)))
    else if (key.startsWith(ACKNOWLEDGEMENT))
      acknowledgements.set(key.slice(ACKNOWLEDGEMENT.length), acknowledgementSchema.parse(parse(record)))
    else return
    while (alerts.size > MAX_KEPT) alerts.delete(alerts.keys().next().value ?? '')
    const known = find(key.slice(key.indexOf('.') + 1))
    if (known !== undefined) for (const listener of listeners) listener(known)
  }
  await bucket.watch({
    ...options,
    onRecord: (key, record) => {
      try {
        take(key, record)
      } catch (error) {
        options.onError(error)
      }
    },
    onRemoved: (key) => {
      alerts.delete(key.slice(ALERT.length))
    },
  })
  const put = (key: string, value: object): Promise<void> => bucket.put(key, encode(value))
  return {
    find,
    list: () =>
      [...alerts.keys()].flatMap((id) => find(id) ?? []).sort((a, b) => (a.alert.firedAt < b.alert.firedAt ? 1 : -1)),
    save: async (alert) => {
      await put(`${ALERT}${alert.id}`, alert)
      // In force here at once: the next look must not fire it again while the watch is on its way.
      alerts.set(alert.id, alert)
    },
    acknowledge: (id, acknowledgement) => put(`${ACKNOWLEDGEMENT}${id}`, acknowledgement),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    acquireLease: (holder, ttlMs, nowMs) =>
      acquireLease(connection, bucketName, { holder, untilMs: nowMs + ttlMs, nowMs }),
  }
}

type Claim = { readonly holder: string; readonly untilMs: number; readonly nowMs: number }

/** Compare and set on one key: of two that find it free, one gets it. */
async function acquireLease(connection: StreamConnection, bucketName: string, claim: Claim): Promise<boolean> {
  const bucket = await connection.js.views.kv(bucketName, { bindOnly: true })
  const { holder, untilMs, nowMs } = claim
  const entry = await bucket.get(LEASE)
  const held = entry === null ? null : entry.json<{ holder: string; untilMs: number }>()
  if (held !== null && held.holder !== holder && held.untilMs > nowMs) return false
  try {
    await bucket.put(LEASE, encode({ holder, untilMs }), { previousSeq: entry?.revision ?? 0 })
    return true
  } catch (error) {
    // Another was faster.
    if (error instanceof NatsError && error.api_error !== undefined) return false
    throw error
  }
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function parse(record: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(record))
}
