import { Pool } from 'undici'
import type { ProviderName } from '../../src/domain/provider.js'
import { orderBody, type Registered } from './app.js'
import { adapterFor } from './providers.js'

/** One answer of a load run; status 0 when the connection failed. */
export type Answer = {
  readonly status: number
  readonly eventId: string | null
  /** When orderwire says that it answered, ms since 1970. */
  readonly processedAt: number | null
  readonly retryAfter: string | null
  readonly ms: number
}

export type LoadOptions = {
  readonly url: string
  readonly targets: readonly Registered[]
  /** Open loop: a request leaves on its time whether or not the ones before were answered. */
  readonly perSecond: number
  readonly durationMs: number
  readonly connections?: number
  /** Ends the load sooner; what has left is still waited for. */
  readonly signal?: AbortSignal
}

let counter = 0

/** Sends distinct signed orders at a steady rate and gathers every answer. */
export async function runLoad(options: LoadOptions): Promise<readonly Answer[]> {
  const pool = new Pool(options.url, { connections: options.connections ?? 64, pipelining: 1 })
  const pending: Promise<Answer>[] = []
  const startedAt = performance.now()
  const total = Math.floor((options.perSecond * options.durationMs) / 1_000)
  while (pending.length < total && options.signal?.aborted !== true) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * options.perSecond) / 1_000) + 1)
    for (let index = pending.length; index < due; index += 1) {
      const target = options.targets[index % options.targets.length]
      if (target !== undefined) pending.push(sendOne(pool, target))
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const answers = await Promise.all(pending)
  await pool.destroy()
  return answers
}

/** One distinct signed order. Never rejects. */
export async function sendOne(pool: Pool, target: Registered): Promise<Answer> {
  counter += 1
  const body = Buffer.from(orderBody(target.provider, `${process.pid}-${counter}`))
  const startedAt = performance.now()
  try {
    const answer = await pool.request({
      method: 'POST',
      path: `/webhooks/${target.provider}/${target.clientId}`,
      headers: signedHeaders(target, body),
      body,
      headersTimeout: 30_000,
    })
    const json = (await answer.body.json()) as { eventId?: string; processedAt?: string }
    const retryAfter = answer.headers['retry-after']
    return {
      status: answer.statusCode,
      eventId: json.eventId ?? null,
      processedAt: json.processedAt === undefined ? null : Date.parse(json.processedAt),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      ms: performance.now() - startedAt,
    }
  } catch {
    // Refused or cut: what a platform sees while the process is down.
    return { status: 0, eventId: null, processedAt: null, retryAfter: null, ms: performance.now() - startedAt }
  }
}

export function signedHeaders(
  target: {
    readonly provider: ProviderName
    readonly clientId: string
    readonly credentials: Registered['credentials']
  },
  body: Uint8Array,
): Record<string, string> {
  const signed = adapterFor(target.provider, 'spec').sign(body, target.credentials, {
    clientId: target.clientId,
    nowMs: Date.now(),
  })
  return { 'content-type': 'application/json', ...signed }
}

/** How many answers had each status. */
export function countByStatus(answers: readonly Answer[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
