import { fillBasket } from './menu.js'
import type { Call, Moment, Platform, SimulatedOrder } from './platform.js'
import { createRandom, type Random } from './random.js'
import type { Scenario } from './scenarios.js'

export type StoryOptions = {
  readonly platform: Platform
  readonly clientId: string
  /** Same seed and same start: same bytes. */
  readonly seed: number
  /** Unix ms. */
  readonly startAt: number
  readonly scenario: Scenario
  readonly ordersPerSecond: number
  /** Without end where left out. */
  readonly count?: number
  /** Where the platform's API is, without a slash at the end. */
  readonly apiUrl?: string
}

/** One request to make. */
export type Message = {
  /** ms after the start. */
  readonly dueMs: number
  /** Which order it is about, counted from 0. */
  readonly order: number
  readonly call: Call
  readonly body: Buffer
  /** What the platform's clock shows then: Unix ms. */
  readonly clock: number
  /** By somebody who does not have the secret. */
  readonly isForged: boolean
}

const DEFAULT_API_URL = 'https://api.uber.com'

/** Everything a platform sends, in the order it is sent: a pure function of its options. */
export function* tellStory(options: StoryOptions): Generator<Message> {
  const { ordersPerSecond, scenario, count = Number.POSITIVE_INFINITY } = options
  const random = createRandom(options.seed)
  let waiting: Message[] = []
  let elapsedMs = 0
  for (let index = 0; index < count; index += 1) {
    waiting.push(...lifeOf(index, elapsedMs, options, random))
    waiting.sort((a, b) => a.dueMs - b.dueMs)
    const gapMs = 1_000 / (ordersPerSecond * scenario.rateAt(elapsedMs))
    elapsedMs += gapMs * (0.5 + random.next())
    const due = waiting.filter(({ dueMs }) => dueMs <= elapsedMs)
    waiting = waiting.slice(due.length)
    yield* due
  }
  yield* waiting
}

/** From placed to the end. */
function lifeOf(index: number, placedMs: number, options: StoryOptions, random: Random): readonly Message[] {
  const { platform, scenario, startAt } = options
  const skewMs = random.pick(scenario.skewMs)
  const order = newOrder(new Date(startAt + Math.round(placedMs) + skewMs), options, random)
  const { steps, cancelled } = platform
  const lastAt = steps.at(-1)?.afterMs ?? 0
  const isCancelled = random.chance(scenario.cancel)
  const life = isCancelled ? [...steps.slice(0, -1), { status: cancelled, afterMs: lastAt }] : steps
  const moments = life.map(({ status, afterMs }): Moment => ({ status, at: new Date(+order.placedAt + afterMs) }))
  const calls = [
    { at: order.placedAt, call: platform.created(order) },
    ...moments.map((moment, n) => ({ at: moment.at, call: platform.changed(order, [...moments.slice(0, n), moment]) })),
  ]
  return calls.flatMap(({ at, call }) => {
    const dueMs = +at - startAt - skewMs + random.int(0, scenario.delayMs)
    const body = Buffer.from(JSON.stringify(call.message))
    const send = (afterMs: number, isForged: boolean): Message => {
      const due = dueMs + afterMs
      return { dueMs: due, order: index, call, body, clock: startAt + due + skewMs, isForged }
    }
    return [
      ...(random.chance(scenario.forge) ? [send(0, true)] : []),
      send(0, false),
      ...(random.chance(scenario.resend) ? [send(random.int(200, 5_000), false)] : []),
    ]
  })
}

function newOrder(
  placedAt: Date,
  { clientId, apiUrl = DEFAULT_API_URL }: StoryOptions,
  random: Random,
): SimulatedOrder {
  const hex = (digits: number): string => Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('')
  return {
    number: random.int(10_000_000, 99_999_999),
    id: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    clientId,
    apiUrl,
    placedAt,
    basket: fillBasket(random),
  }
}
