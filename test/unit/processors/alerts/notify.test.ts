import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../src/domain/alert.js'
import { emailChannel, slackChannel, webhookChannel } from '../../../../src/processors/alerts/channels.js'
import { createNotifier, isQuiet } from '../../../../src/processors/alerts/notify.js'
import { createHttpClient } from '../../../../src/processors/deliver/http-client.js'
import { startMailServer } from '../../../support/mail-server.js'

const SECRET = `whsec_${Buffer.from('a-secret-of-the-alert-tests-0123').toString('base64')}`
const MINUTE_MS = 60_000

function anAlert(minute = 0, changes: Partial<Alert> = {}): Alert {
  return {
    v: 1,
    id: `alr_${minute}`,
    rule: 'queue_backlog',
    severity: 'warning',
    title: 'Work is piling up',
    message: '1200 events and deliveries wait for a worker',
    subject: '',
    clientId: null,
    value: 1_200,
    threshold: 1_000,
    firedAt: new Date(Date.parse('2026-03-14T12:00:00.000Z') + minute * MINUTE_MS).toISOString(),
    resolvedAt: null,
    ...changes,
  }
}

/** An HTTP server that answers with these statuses in turn, the last one for ever. */
async function receiver(...statuses: number[]) {
  const requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      requests.push({ headers: request.headers, body })
      response.writeHead(statuses[Math.min(requests.length, statuses.length) - 1] ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, requests, close: () => server.close() }
}

/** Tells one alert by some channels; resolves when each has been told or has given up. */
async function tell(
  channels: Parameters<typeof createNotifier>[0]['channels'],
  alert: Alert,
  history: readonly Alert[] = [],
) {
  const told: string[] = []
  const failures: boolean[] = []
  const expected = channels.length
  await new Promise<void>((resolve) => {
    const done = (): void => {
      if (told.length + failures.filter((isLast) => isLast).length === expected) resolve()
    }
    const notifier = createNotifier({
      channels,
      quietMs: 60 * MINUTE_MS,
      history: () => history,
      retryDelaysMs: [1, 1],
      onTold: (_, channel) => {
        told.push(channel)
        done()
      },
      onError: (_, { isLast }) => {
        failures.push(isLast)
        done()
      },
    })
    notifier.notify(alert)
    if (isQuiet(alert, history, 60 * MINUTE_MS)) resolve()
  })
  return { told, failures }
}

describe('an alert', () => {
  const http = createHttpClient({ timeoutMs: 2_000, allowPrivateTargets: true })
  const now = () => new Date()

  it('is POSTed with a signature that standardwebhooks verifies, when it fires and when it clears', async () => {
    const server = await receiver(200)
    const channel = webhookChannel({ url: server.url, secret: SECRET, post: http.post, now })
    await tell([channel], anAlert())
    await tell([channel], anAlert(0, { resolvedAt: '2026-03-14T13:00:00.000Z' }))
    const verified = server.requests.map(({ body, headers }) =>
      new Webhook(SECRET).verify(body, headers as Record<string, string>),
    )
    expect(verified).toMatchObject([
      { type: 'alert.fired', data: { rule: 'queue_backlog' } },
      { type: 'alert.resolved', timestamp: '2026-03-14T13:00:00.000Z' },
    ])
    server.close()
  })

  it('is a line of text for Slack', async () => {
    const server = await receiver(200)
    await tell([slackChannel({ url: server.url, post: http.post })], anAlert())
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      text: '[warning] Work is piling up: 1200 events and deliveries wait for a worker',
    })
    server.close()
  })

  it('is a mail to everybody listed, by a real SMTP server', async () => {
    const server = await startMailServer()
    const channel = emailChannel({ smtpUrl: server.url, from: 'a@example.com', to: ['b@example.com', 'c@example.com'] })
    expect(await tell([channel], anAlert())).toEqual({ told: ['email'], failures: [] })
    expect(server.mails[0]?.to).toEqual(['b@example.com', 'c@example.com'])
    expect(server.mails[0]?.text).toContain('Subject: [warning] Work is piling up')
    expect(server.mails[0]?.text).toContain('since      2026-03-14T12:00:00.000Z')
    channel.close()
    server.close()
  })

  it('is sent again where it did not arrive, and given up in the end, without holding up the other channels', async () => {
    const recovers = await receiver(500, 200)
    const never = await receiver(503)
    const channels = [
      slackChannel({ url: recovers.url, post: http.post }),
      slackChannel({ url: never.url, post: http.post }),
    ]
    const { told, failures } = await tell(channels, anAlert())
    expect(told).toEqual(['slack'])
    expect(failures.filter((isLast) => isLast)).toHaveLength(1)
    expect(recovers.requests).toHaveLength(2)
    expect(never.requests).toHaveLength(3)
    recovers.close()
    never.close()
  })

  it('that comes again within the quiet period is not told', async () => {
    const server = await receiver(200)
    const channel = slackChannel({ url: server.url, post: http.post })
    await tell([channel], anAlert(30), [anAlert(30), anAlert(0)])
    expect(server.requests).toHaveLength(0)
    server.close()
  })
})

describe('the quiet period', () => {
  const quiet = (minute: number, ...before: number[]) =>
    isQuiet(
      anAlert(minute),
      before.map((each) => anAlert(each)),
      60 * MINUTE_MS,
    )

  it.each([
    ['the first is told', 0, [], false],
    ['one soon after it is not', 59, [0], true],
    ['one after its end is', 60, [0], false],
    ['one that never stops coming is told once an hour', 61, [0, 20, 40, 59], false],
    ['the end is counted from the last that was told', 100, [0, 59, 61], true],
  ] as const)('%s', (_, minute, before, expected) => {
    expect(quiet(minute, ...before)).toBe(expected)
  })

  it('is of one rule and one subject', () => {
    expect(isQuiet(anAlert(1, { subject: 'other' }), [anAlert(0)], 60 * MINUTE_MS)).toBe(false)
    expect(isQuiet(anAlert(1, { rule: 'other' }), [anAlert(0)], 60 * MINUTE_MS)).toBe(false)
  })

  it('covers the end of an alert just as its beginning', () => {
    const cleared = anAlert(59, { resolvedAt: anAlert(62).firedAt })
    expect(isQuiet(cleared, [cleared, anAlert(0)], 60 * MINUTE_MS)).toBe(true)
    expect(isQuiet(anAlert(0, { resolvedAt: anAlert(5).firedAt }), [anAlert(0)], 60 * MINUTE_MS)).toBe(false)
  })
})
