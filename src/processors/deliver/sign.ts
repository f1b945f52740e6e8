import { createHmac } from 'node:crypto'

/**
 * The Standard Webhooks headers (standardwebhooks.com, specification v1): `v1,` + base64 HMAC-SHA256 over
 * `${id}.${timestamp}.${body}` with the base64-decoded secret.
 * @param secret `whsec_` + base64
 */
export function signDelivery(
  secret: string,
  message: { readonly id: string; readonly body: string; readonly at: Date },
): Record<string, string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1_000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${message.id}.${timestamp}.${message.body}`).digest('base64')
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
