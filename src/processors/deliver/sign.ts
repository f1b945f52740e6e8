import { createHmac } from 'node:crypto'

/**
 * The Standard Webhooks headers (standardwebhooks.com, specification v1): `v1,` + base64 HMAC-SHA256 over
 * `${id}.${timestamp}.${body}` with the base64-decoded secret; one signature for each secret, separated by spaces, so
 * that a receiver that knows any of them can verify.
 * @param secrets `whsec_` + base64, the newest first
 */
export function signDelivery(
  secrets: readonly string[],
  message: { readonly id: string; readonly body: string; readonly at: Date },
): Record<string, string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1_000))
  const content = `${message.id}.${timestamp}.${message.body}`
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  })
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
