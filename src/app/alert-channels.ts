import { type Channel, emailChannel, slackChannel, webhookChannel } from '../processors/alerts/channels.js'
import { createHttpClient } from '../processors/deliver/http-client.js'
import type { Context } from './context.js'

const TIMEOUT_MS = 10_000

/** The channels that are configured. Their addresses are the operator's own, so private ones are allowed. */
export function createChannels({ config, secrets, now }: Context): readonly Channel[] {
  const { webhook, slackUrl, smtpUrl } = secrets.alerts
  const { emailTo, emailFrom } = config.alerts
  const channels: Channel[] = []
  if (webhook !== undefined || slackUrl !== undefined) {
    const http = createHttpClient({ timeoutMs: TIMEOUT_MS, allowPrivateTargets: true })
    const { post } = http
    const close = (): void => void http.close()
    if (webhook !== undefined) channels.push({ ...webhookChannel({ ...webhook, post, now }), close })
    if (slackUrl !== undefined) channels.push({ ...slackChannel({ url: slackUrl, post }), close })
  }
  if (smtpUrl !== undefined && emailTo.length > 0)
    channels.push(emailChannel({ smtpUrl, from: emailFrom, to: emailTo }))
  return channels
}
