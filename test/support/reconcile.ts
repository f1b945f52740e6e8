import type { Receiver } from '../../dev/receiver/receiver.js'
import type { TestApp } from './app.js'
import { until } from './app.js'
import type { Answer } from './load.js'

/** Waits until everything that was answered 200 is delivered and logged as delivered; fails naming how many are missing. */
export async function reconcile(
  answers: readonly Answer[],
  app: Pick<TestApp, 'api'>,
  pos: Receiver,
  timeoutMs = 60_000,
): Promise<{ readonly accepted: number; readonly deliveries: number }> {
  const accepted = new Set(
    answers.flatMap(({ status, eventId }) => (status === 200 && eventId !== null ? [eventId] : [])),
  )
  await until(
    'every accepted event reaches the point of sale',
    () => missing(accepted, delivered(pos)).length === 0,
    timeoutMs,
  )
  let logged = new Set<string>()
  await until(
    'every accepted event is logged as delivered',
    async () => {
      logged = await successfulLogs(app)
      return missing(accepted, logged).length === 0
    },
    timeoutMs,
  )
  return { accepted: accepted.size, deliveries: pos.received.length }
}

function delivered(pos: Receiver): ReadonlySet<string> {
  return new Set(pos.received.map(({ headers }) => headers['webhook-id'] ?? ''))
}

function missing(wanted: ReadonlySet<string>, there: ReadonlySet<string>): readonly string[] {
  return [...wanted].filter((id) => !there.has(id))
}

async function successfulLogs(app: Pick<TestApp, 'api'>): Promise<Set<string>> {
  const ids = new Set<string>()
  for (let offset = 0; ; offset += 100) {
    const { status, json } = await app.api('GET', `/api/webhooks/logs?status=success&limit=100&offset=${offset}`)
    if (status !== 200) return ids
    for (const { id } of json.logs) ids.add(id)
    if (json.logs.length < 100) return ids
  }
}
