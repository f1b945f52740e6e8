import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect } from 'nats'
import { Pool } from 'undici'
import { decodeFact } from '../../src/stream/codec.js'
import type { NeighbourRound } from './neighbour-process.js'
import { orderRequest, register, startSink, withInstallation } from './processes.js'

// What one client does to the others: quiet clients send at a steady rate, beside them nobody, or a neighbour. Only the
// quiet ones' orders are timed, stage by stage.

export type Neighbour = 'nobody' | 'loud' | 'hanging'

/**
 * An order's way: sent → answered 200 → dispatch begins → the attempt begins → it is at the endpoint. `own`: all of that.
 * `delivered`: with the endpoint's answer, which is what the latency metric and users call delivered.
 */
export const STAGES = ['accept', 'queue', 'dispatch', 'attempt', 'own', 'delivered'] as const
export type Stage = (typeof STAGES)[number]

/** One round's times, ms, by stage. */
export type Round = Readonly<Record<Stage, readonly number[]>>

export type NeighbourOptions = {
  readonly quietClients: number
  readonly quietPerSecond: number
  /** The loud one's, as a multiple of a quiet one's rate. */
  readonly loudFactor: number
  readonly hangingPerSecond: number
  readonly roundMs: number
  /** Which neighbour each round has, in order. */
  readonly rounds: readonly Neighbour[]
  onRound?(neighbour: Neighbour, round: Round): void
}

/** Deliveries that hang are cut off after this. */
const TIMEOUT_MS = 5_000
/** So long nothing is measured, beside each neighbour: the first time is slow, and is not what a neighbour does. */
const WARM_UP_MS = 10_000
/** A restaurant's system is somewhere on the Internet, and writes the order down before it answers. */
const ENDPOINT_MS = { least: 50, most: 250 }
/** The last orders of a round may take so long. */
const SETTLE_MS = 20_000
/** The neighbours' process has so long to start, and to tell that its last order was answered. */
const NEIGHBOURS_WITHIN_MS = 60_000

/** When each thing happened to an order, ms since 1970. */
type Order = {
  sent: number
  answered?: number
  dispatched?: number
  attempted?: number
  responseTimeMs?: number
  arrived?: number
}

/** Runs the rounds one after the other against one installation. Throws when an order does not arrive. */
export async function runNeighbours(options: NeighbourOptions): Promise<ReadonlyMap<Neighbour, readonly Round[]>> {
  const orders = new Map<string, Order>()
  const results = new Map<Neighbour, readonly Round[]>()
  const url = await startSink(({ body }) => {
    const order = orders.get(/"externalId":"ae:([^"]+)"/.exec(body)?.[1] ?? '')
    if (order !== undefined) order.arrived = now()
    return { afterMs: endpointMs() }
  })
  const environment = { LOG_LEVEL: 'error', WEBHOOK_TIMEOUT: String(TIMEOUT_MS) }
  const neighbours = await startNeighbours()
  await withInstallation(environment, async ({ start, natsUrl }) => {
    const quiet = Array.from({ length: options.quietClients }, (_, index) => `quiet-${index}`)
    const graph = await start('graph')
    for (const clientId of quiet) await register(graph.port, clientId, `${url}/${clientId}`)
    for (const clientId of ['loud', 'hanging']) await register(graph.port, clientId, `${neighbours.url}/${clientId}`)
    const ingress = await start('ingress')
    const pool = new Pool(`http://127.0.0.1:${ingress.port}`, { connections: 64 })
    await start('processors')
    const facts = await followFacts(natsUrl)
    const run = async (neighbour: Neighbour, lengthMs: number): Promise<Round> => {
      orders.clear()
      facts.clear()
      const streams = quiet.map((clientId) =>
        sendSteadily({ clientId, perSecond: options.quietPerSecond, lengthMs }, async (request, id) => {
          const order: Order = { sent: now() }
          orders.set(id, order)
          const { body } = await pool.request(request)
          order.answered = now()
          // The public contract's answer.
          const { eventId } = (await body.json()) as { eventId: string }
          facts.tell(eventId, order)
        }),
      )
      const perSecond = { loud: options.loudFactor * options.quietPerSecond, hanging: options.hangingPerSecond }
      if (neighbour !== 'nobody')
        streams.push(
          neighbours.run({
            ingressPort: ingress.port,
            clientId: neighbour,
            perSecond: perSecond[neighbour],
            lengthMs,
          }),
        )
      await Promise.all(streams)
      const deadline = Date.now() + SETTLE_MS
      while ([...orders.values()].some((order) => !isDone(order)) && Date.now() < deadline) await wait(20)
      const left = [...orders.values()].filter((order) => !isDone(order)).length
      if (left > 0) throw new Error(`${left} of ${orders.size} orders did not arrive`)
      return toRound([...orders.values()])
    }
    for (const neighbour of new Set(options.rounds)) await run(neighbour, WARM_UP_MS)
    for (const neighbour of options.rounds) {
      const round = await run(neighbour, options.roundMs)
      results.set(neighbour, [...(results.get(neighbour) ?? []), round])
      options.onRound?.(neighbour, round)
    }
    await facts.close()
    await pool.destroy()
  })
  neighbours.end()
  return results
}

/** The value below which this share of the values is. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN
}

/** All rounds' values of a stage together. */
export function pooled(rounds: readonly Round[] = [], stage: Stage): readonly number[] {
  return rounds.flatMap((round) => round[stage])
}

type Facts = { tell(eventId: string, order: Order): void; clear(): void; close(): Promise<void> }

/** Hears the facts as they are published: they may come before the platform has its answer. */
async function followFacts(natsUrl: string): Promise<Facts> {
  const connection = await connect({ servers: natsUrl })
  const times = new Map<string, Pick<Order, 'dispatched' | 'attempted' | 'responseTimeMs'>>()
  const waiting = new Map<string, Order>()
  connection.subscribe('activity.>', {
    callback: (_, message) => {
      const fact = decodeFact(message.data)
      if (!fact.clientId.startsWith('quiet-')) return
      const known = waiting.get(fact.eventId) ?? times.get(fact.eventId) ?? {}
      if (fact.kind === 'dispatched') known.dispatched = Date.parse(fact.at)
      if (fact.kind === 'attempted') {
        known.responseTimeMs = fact.response.responseTimeMs
        known.attempted = Date.parse(fact.at) - known.responseTimeMs
      }
      times.set(fact.eventId, known)
    },
  })
  await connection.flush()
  return {
    tell: (eventId, order) => {
      Object.assign(order, times.get(eventId))
      waiting.set(eventId, order)
    },
    clear: () => {
      times.clear()
      waiting.clear()
    },
    close: () => connection.close(),
  }
}

async function startNeighbours() {
  const child = fork(fileURLToPath(new URL('neighbour-process.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
  // What it says first is where its endpoints are.
  const [url] = (await once(child, 'message', { signal: AbortSignal.timeout(NEIGHBOURS_WITHIN_MS) })) as [string]
  const run = async (round: NeighbourRound): Promise<void> => {
    child.send(round)
    await once(child, 'message', { signal: AbortSignal.timeout(round.lengthMs + NEIGHBOURS_WITHIN_MS) })
  }
  return { url, run, end: () => child.kill('SIGKILL') }
}

let counter = 0

/** An open loop: orders leave at their time, whether or not those before were answered. Ends when the last was answered. */
export async function sendSteadily(
  { clientId, perSecond, lengthMs }: Pick<NeighbourRound, 'clientId' | 'perSecond' | 'lengthMs'>,
  send: (request: ReturnType<typeof orderRequest>, id: string) => Promise<void>,
): Promise<void> {
  const stopAt = performance.now() + lengthMs
  const answers: Promise<void>[] = []
  await wait(Math.random() * Math.min(1_000, 1_000 / perSecond))
  const startedAt = performance.now()
  for (let sent = 1; performance.now() < stopAt; sent += 1) {
    counter += 1
    const id = `${clientId}-${counter}`
    answers.push(send(orderRequest(clientId, id), id))
    await wait(Math.max(0, startedAt + (sent * 1_000) / perSecond - performance.now()))
  }
  await Promise.all(answers)
}

function isDone(order: Order): order is Required<Order> {
  const { answered, dispatched, attempted, responseTimeMs, arrived } = order
  return [answered, dispatched, attempted, responseTimeMs, arrived].every((time) => time !== undefined)
}

function toRound(orders: readonly Order[]): Round {
  const done = orders.filter(isDone)
  return {
    accept: done.map(({ sent, answered }) => answered - sent),
    queue: done.map(({ answered, dispatched }) => dispatched - answered),
    dispatch: done.map(({ dispatched, attempted }) => attempted - dispatched),
    attempt: done.map(({ attempted, arrived }) => arrived - attempted),
    own: done.map(({ sent, arrived }) => arrived - sent),
    delivered: done.map(({ sent, attempted, responseTimeMs }) => attempted + responseTimeMs - sent),
  }
}

/** When an endpoint answers, evenly between the bounds. */
export function endpointMs(): number {
  return ENDPOINT_MS.least + Math.random() * (ENDPOINT_MS.most - ENDPOINT_MS.least)
}

function now(): number {
  return performance.timeOrigin + performance.now()
}
