/** A delivery's body: what orderwire POSTs. */
export type WebhookEvent = {
  readonly id: string
  readonly type: string
  readonly provider: string
  readonly clientId: string
  readonly occurredAt: string
  readonly receivedAt: string
  readonly attempt: number
  readonly data: Readonly<Record<string, unknown>>
  readonly source: { readonly eventType: string; readonly payload: unknown }
}

/** The delivery is not to be believed: answer 401 and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
}

type HeaderSource =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Checks a delivery by Standard Webhooks v1 and gives its body. Needs WebCrypto (`crypto.subtle`): Node, browsers and
 * workers have it; in React Native install a polyfill such as react-native-quick-crypto.
 * @param body exactly as received: parsed and written again it never matches
 * @param secret the registration's `signingSecret` (`whsec_…`)
 * @throws WebhookVerificationError on a signature that is not ours, or older than `toleranceSeconds` (300)
 */
export async function verifyWebhook(options: {
  readonly body: string
  readonly headers: HeaderSource
  readonly secret: string
  readonly toleranceSeconds?: number
  readonly now?: Date
}): Promise<WebhookEvent> {
  const { body, headers, toleranceSeconds = 300, now = new Date() } = options
  const id = header(headers, 'webhook-id')
  const timestamp = header(headers, 'webhook-timestamp')
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now.getTime() / 1_000 - Number(timestamp)) > toleranceSeconds)
    throw new WebhookVerificationError('The delivery is too old, or from the future')
  const key = await crypto.subtle.importKey(
    'raw',
    bytesOf(options.secret.replace(/^whsec_/, '')),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  )
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  // One for each secret that is in force: two while a secret is being changed.
  for (const signature of header(headers, 'webhook-signature').split(' ')) {
    const [version, value] = signature.split(',')
    if (version !== 'v1' || value === undefined) continue
    // Compared in constant time by WebCrypto itself.
    if (await crypto.subtle.verify('HMAC', key, bytesOf(value), signed)) return JSON.parse(body)
  }
  throw new WebhookVerificationError('The signature is not of this secret')
}

function header(headers: HeaderSource, name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : lookUp(headers, name)
  if (typeof value === 'string' && value !== '') return value
  throw new WebhookVerificationError(`The header ${name} is missing`)
}

function lookUp(headers: object, name: string): unknown {
  return Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1]
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new WebhookVerificationError('A secret or signature is not base64', { cause })
  }
}
