import { hash, randomBytes } from 'node:crypto'

/**
 * Ids that become subject tokens, key-value keys and URL segments: one alphabet serves all of them.
 * NATS subjects forbid '.', '*', '>' and white space inside a token.
 */
export const CLIENT_ID_PATTERN: RegExp = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

/**
 * The event id is a function of what the platform sent, so a resend gets the same id on every instance and
 * after every restart, and the read model's unique `_id` makes duplicates harmless.
 * @param dedupeKey the provider's own key for "the same event" (docs/providers), without the provider:client prefix
 */
export function eventIdOf(provider: string, clientId: string, dedupeKey: string): string {
  return `evt_${shortHash(`${provider}:${clientId}:${dedupeKey}`)}`
}

/** One canonical order per provider, client and the platform's own order id. */
export function orderIdOf(provider: string, clientId: string, externalId: string): string {
  return `ord_${shortHash(`${provider}:${clientId}:${externalId}`)}`
}

/** One menu per provider, client and the platform's id of the store; events that name no store share one. */
export function menuIdOf(provider: string, clientId: string, storeRef: string | null): string {
  return `menu_${shortHash(`${provider}:${clientId}:${storeRef ?? ''}`)}`
}

/** A new random id; `prefix` names what it identifies ("wh", "rej", "cmd"). */
export function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`
}

function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32)
}
