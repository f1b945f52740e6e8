import { setTimeout as wait } from 'node:timers/promises'
import { connect } from 'nats'
import { Pool } from 'undici'
import { decodeFact } from '../src/stream/codec.js'
import { orderRequest, register, startSink, withInstallation } from './processes.js'

// What one client does to the others: quiet clients send at a steady rate, beside them nobody, or a neighbour. Only the
// quiet ones' orders are timed, stage by stage.

export type Neighbour = 'nobody' | 'loud' | 'hanging'

/** An order's way: sent → answered 200 → dispatch begins → the attempt begins → it is at the endpoint. `all`: sent to there. */
export const STAGES = ['accept', 'queue', 'dispatch', 'attempt', 'all'] as const
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
/** The last orders of a round may take so long. */
const SETTLE_MS = 20_000

/** When each thing happened to an order, ms since 1970. */
type Order = { sent: number; answered?: number; dispatched?: number; attempted?: number; arrived?: number }

/** Runs the rounds one after the other against one installation. Throws when an order does not arrive. */
export async function runNeighbours(options: NeighbourOptions): Promise<ReadonlyMap<Neighbour, readonly Round[]>> {
  const orders = new Map<string, Order>()
  const results = new Map<Neighbour, readonly Round[]>()
  const orderOf = (externalId: string): Order | undefined => orders.get(externalId)
  const url = await startSink(({ path, body }) => {
    if (path === '/hanging') return 'hang'
    const order = orderOf(/"externalId":"ae:([^"]+)"/.exec(body)?.[1] ?? '')
    if (order !== undefined) order.arrived = now()
    return undefined
  })
  const environment = { LOG_LEVEL: 'error', WEBHOOK_TIMEOUT: String(TIMEOUT_MS) }
  await withInstallation(environment, async ({ start, natsUrl }) => {
    const quiet = Array.from({ length: options.quietClients }, (_, index) => `quiet-${index}`)
    const graph = await start('graph')
    for (const clientId of [...quiet, 'loud', 'hanging']) await register(graph.port, clientId, `${url}/${clientId}`)
    const pool = new Pool(`http://127.0.0.1:${(await start('ingress')).port}`, { connections: 64 })
    await start('processors')
    const facts = await followFacts(natsUrl)
    const run = async (neighbour: Neighbour, roundMs: number): Promise<Round> => {
      orders.clear()
      facts.clear()
      const stopAt = performance.now() + roundMs
      const streams = quiet.map((clientId) =>
        stream(pool, { clientId, perSecond: options.quietPerSecond, stopAt, orders, facts }),
      )
      const perSecond = { loud: options.loudFactor * options.quietPerSecond, hanging: options.hangingPerSecond }
      if (neighbour !== 'nobody')
        streams.push(stream(pool, { clientId: neighbour, perSecond: perSecond[neighbour], stopAt }))
      await Promise.all(streams)
      const deadline = Date.now() + SETTLE_MS
      while ([...orders.values()].some((order) => !isDone(order)) && Date.now() < deadline) await wait(20)
      const left = [...orders.values()].filter((order) => !isDone(order)).length
      if (left > 0) throw new Error(`${left} of ${orders.size} orders did not arrive`)
      return toRound([...orders.values()])
    }
    await run('nobody', 3_000)
    for (const neighbour of options.rounds) {
      const round = await run(neighbour, options.roundMs)
      results.set(neighbour, [...(results.get(neighbour) ?? []), round])
      options.onRound?.(neighbour, round)
    }
    await facts.close()
    await pool.destroy()
  })
  return results
}

/** The value below which this share of the values is. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN
}

/** All rounds' values of a stage together. */
export function pooled(rounds: readonly Round[] = [], stage: Stage = 'all'): readonly number[] {
  return rounds.flatMap((round) => round[stage])
}

type Facts = { tell(eventId: string, order: Order): void; clear(): void; close(): Promise<void> }

/** Hears the facts as they are published: they may come before the platform has its answer. */
async function followFacts(natsUrl: string): Promise<Facts> {
  const connection = await connect({ servers: natsUrl })
  const times = new Map<string, Pick<Order, 'dispatched' | 'attempted'>>()
  const waiting = new Map<string, Order>()
  connection.subscribe('activity.>', {
    callback: (_, message) => {
      const fact = decodeFact(message.data)
      if (!fact.clientId.startsWith('quiet-')) return
      const known = waiting.get(fact.eventId) ?? times.get(fact.eventId) ?? {}
      if (fact.kind === 'dispatched') known.dispatched = Date.parse(fact.at)
      if (fact.kind === 'attempted') known.attempted = Date.parse(fact.at) - fact.response.responseTimeMs
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

type Sender = {
  readonly clientId: string
  readonly perSecond: number
  readonly stopAt: number
  /** Where its orders are noted; nowhere for a neighbour. */
  readonly orders?: Map<string, Order>
  readonly facts?: Facts
}

let counter = 0

/** An open loop: orders leave at their time, whether or not those before were answered. */
async function stream(pool: Pool, { clientId, perSecond, stopAt, orders, facts }: Sender): Promise<void> {
  await wait(Math.random() * Math.min(1_000, 1_000 / perSecond))
  const startedAt = performance.now()
  for (let sent = 1; performance.now() < stopAt; sent += 1) {
    counter += 1
    const id = `${clientId}-${counter}`
    const order: Order = { sent: now() }
    orders?.set(id, order)
    void pool.request(orderRequest(clientId, id)).then(async ({ body }) => {
      order.answered = now()
      // The public contract's answer.
      const { eventId } = (await body.json()) as { eventId: string }
      facts?.tell(eventId, order)
    })
    await wait(Math.max(0, startedAt + (sent * 1_000) / perSecond - performance.now()))
  }
}

function isDone(order: Order): order is Required<Order> {
  const { answered, dispatched, attempted, arrived } = order
  return answered !== undefined && dispatched !== undefined && attempted !== undefined && arrived !== undefined
}

function toRound(orders: readonly Order[]): Round {
  const done = orders.filter(isDone)
  return {
    accept: done.map(({ sent, answered }) => answered - sent),
    queue: done.map(({ answered, dispatched }) => dispatched - answered),
    dispatch: done.map(({ dispatched, attempted }) => attempted - dispatched),
    attempt: done.map(({ attempted, arrived }) => arrived - attempted),
    all: done.map(({ sent, arrived }) => arrived - sent),
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}
