import type { AttemptedFact } from '../../domain/activity.js'
import type { Reading } from './evaluate.js'

const WINDOW_MS = 5 * 60_000
/** Fewer attempts say nothing about an endpoint. */
const MIN_ATTEMPTS = 5
const MAX_ATTEMPTS = 50

type Made = { readonly atMs: number; readonly failed: boolean }

/** The last attempts of every registration, at most fifty each, of the last five minutes. */
export function createFailingEndpoints(): {
  take(fact: AttemptedFact): void
  read(nowMs: number): readonly Reading[]
} {
  const endpoints = new Map<string, { readonly clientId: string; readonly called: string; made: readonly Made[] }>()
  return {
    take: ({ webhookId, clientId, provider, at, result }) => {
      const known = endpoints.get(webhookId)?.made ?? []
      const made = [...known, { atMs: Date.parse(at), failed: result !== 'delivered' }].slice(-MAX_ATTEMPTS)
      endpoints.set(webhookId, { clientId, called: `${clientId} (${provider})`, made })
    },
    read: (nowMs) => {
      const readings: Reading[] = []
      for (const [subject, endpoint] of endpoints) {
        endpoint.made = endpoint.made.filter(({ atMs }) => atMs > nowMs - WINDOW_MS)
        const { clientId, called, made } = endpoint
        if (made.length === 0) endpoints.delete(subject)
        if (made.length < MIN_ATTEMPTS) continue
        const value = made.filter(({ failed }) => failed).length / made.length
        readings.push({ rule: 'endpoint_failing', subject, called, clientId, value })
      }
      return readings
    },
  }
}
