import { createTransport } from 'nodemailer'
import type { Alert } from '../../domain/alert.js'
import type { AttemptResponse } from '../../domain/delivery.js'
import { signDelivery } from '../deliver/sign.js'

/** One way to tell people. `send` rejects where it did not arrive. */
export type Channel = { readonly name: 'webhook' | 'slack' | 'email'; send(alert: Alert): Promise<void>; close(): void }

type Post = (request: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}) => Promise<AttemptResponse>

export class NotToldError extends Error {
  override readonly name = 'NotToldError'
}

/** A webhook signed by Standard Webhooks: `alert.fired` or `alert.resolved` with the alert as `data`. */
export function webhookChannel(options: {
  readonly url: string
  /** `whsec_` + base64. */
  readonly secret: string
  readonly post: Post
  now(): Date
}): Channel {
  return {
    name: 'webhook',
    close: () => undefined,
    send: async (alert) => {
      const type = alert.resolvedAt === null ? 'alert.fired' : 'alert.resolved'
      const body = JSON.stringify({ type, timestamp: alert.resolvedAt ?? alert.firedAt, data: alert })
      // One id for each of the two, so that a receiver knows a repeat.
      const id = `${alert.id}.${type}`
      await mustArrive(
        options.post({
          url: options.url,
          headers: signDelivery([options.secret], { id, body, at: options.now() }),
          body,
        }),
      )
    },
  }
}

/** An incoming webhook as Slack, Mattermost and others take it. */
export function slackChannel(options: { readonly url: string; readonly post: Post }): Channel {
  return {
    name: 'slack',
    close: () => undefined,
    send: (alert) =>
      mustArrive(options.post({ url: options.url, headers: {}, body: JSON.stringify({ text: lineOf(alert) }) })),
  }
}

const SMTP_TIMEOUT_MS = 10_000

/** A mail to everybody listed. */
export function emailChannel(options: {
  /** smtp://user:password@host:587, or smtps://… */
  readonly smtpUrl: string
  readonly from: string
  readonly to: readonly string[]
}): Channel {
  const timeouts = {
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
  }
  const transport = createTransport({ url: options.smtpUrl, ...timeouts })
  return {
    name: 'email',
    close: () => transport.close(),
    send: async (alert) => {
      await transport.sendMail({
        from: options.from,
        to: [...options.to],
        subject: lineOf(alert).slice(0, 150),
        text: mailOf(alert),
      })
    },
  }
}

async function mustArrive(answer: Promise<AttemptResponse>): Promise<void> {
  const { statusCode, error } = await answer
  if (statusCode === null || statusCode < 200 || statusCode >= 300)
    throw new NotToldError(error ?? `HTTP ${statusCode}`)
}

function lineOf({ severity, title, message, resolvedAt }: Alert): string {
  return resolvedAt === null ? `[${severity}] ${title}: ${message}` : `[resolved] ${title}: ${message}`
}

function mailOf(alert: Alert): string {
  return [
    alert.message,
    '',
    `severity   ${alert.severity}`,
    `rule       ${alert.rule}`,
    ...(alert.subject === '' ? [] : [`about      ${alert.subject}`]),
    `since      ${alert.firedAt}`,
    ...(alert.resolvedAt === null ? [] : [`until      ${alert.resolvedAt}`]),
    `id         ${alert.id}`,
    '',
  ].join('\n')
}
