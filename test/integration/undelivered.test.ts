import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import type { AttemptedFact, Fact } from '../../src/domain/activity.js'
import type { Log } from '../../src/domain/log.js'
import { createSealer } from '../../src/lib/seal.js'
import { applyFact } from '../../src/processors/record/fold-log.js'
import { openStore } from '../../src/store/store.js'
import { aLog } from '../support/memory-ports.js'

// `undelivered` is added up from fields each write of a log works out; here it is counted again from the bare facts, as
// somebody would who has only the streams.

const WEBHOOKS = ['w1', 'w2', 'w3']
const RUNS = 25
const start = Date.UTC(2026, 2, 14)

/** What one delivery went through: automatic attempts one after the other, and ones made by hand in between. */
type Step = { readonly trigger: 'automatic' | 'manual'; readonly result: AttemptedFact['result'] }
type History = {
  readonly clientId: string
  readonly webhookIds: readonly string[]
  readonly steps: Readonly<Record<string, readonly Step[]>>
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    trigger: fc.constant('automatic' as const),
    result: fc.constantFrom('retrying' as const, 'delivered' as const, 'dead' as const),
  }),
  fc.record({
    trigger: fc.constant('manual' as const),
    result: fc.constantFrom('delivered' as const, 'dead' as const),
  }),
)
const history: fc.Arbitrary<History> = fc.record({
  clientId: fc.constantFrom('a', 'b'),
  webhookIds: fc.subarray(WEBHOOKS),
  steps: fc.record(Object.fromEntries(WEBHOOKS.map((id) => [id, fc.array(step, { maxLength: 5 }).map(possible)]))),
})

/** An automatic delivery ends with its first success or when it is given up; one that was delivered is not tried by hand. */
function possible(steps: readonly Step[]): readonly Step[] {
  const made: Step[] = []
  let isOver = false
  let isDelivered = false
  for (const each of steps) {
    if (isDelivered || (isOver && each.trigger === 'automatic')) continue
    made.push(each)
    if (each.result === 'delivered') isDelivered = true
    if (each.trigger === 'automatic' && each.result !== 'retrying') isOver = true
  }
  return made
}

function factsOf({ clientId, webhookIds, steps }: History, eventId: string): readonly Fact[] {
  const about = { v: 1, eventId, provider: 'careem', clientId, eventType: 'order.created' } as const
  const { canonical } = aLog(eventId, clientId)
  if (canonical === null) throw new Error('a log has its event')
  const event = { ...canonical, id: eventId, clientId }
  const facts: Fact[] = [{ ...about, kind: 'dispatched', at: new Date(start).toISOString(), event, webhookIds }]
  for (const webhookId of webhookIds) {
    const numbers = { automatic: 0, manual: 0 }
    for (const [index, { trigger, result }] of (steps[webhookId] ?? []).entries()) {
      numbers[trigger] += 1
      const at = new Date(start + (index + 1) * 1_000).toISOString()
      const nextAttemptAt = result === 'retrying' ? new Date(start + (index + 2) * 1_000).toISOString() : null
      const response = {
        statusCode: result === 'delivered' ? 200 : 500,
        body: null,
        error: null,
        responseTimeMs: 1,
        retryAfterMs: null,
      }
      const deadReason = result === 'dead' ? 'retries_exhausted' : null
      facts.push({
        ...about,
        kind: 'attempted',
        at,
        webhookId,
        url: '',
        attempt: numbers[trigger],
        trigger,
        response,
        result,
        nextAttemptAt,
        deadReason,
      })
    }
  }
  return facts
}

/** Delivered once is delivered; else the automatic ones decide, and one by hand that failed where there was none. */
function recount(histories: readonly History[], clientId: string | undefined) {
  const counted = { pending: 0, dead: 0 }
  for (const each of histories.filter((one) => clientId === undefined || one.clientId === clientId)) {
    for (const webhookId of each.webhookIds) {
      const steps = each.steps[webhookId] ?? []
      if (steps.some(({ result }) => result === 'delivered')) continue
      const automatic = steps.filter(({ trigger }) => trigger === 'automatic').at(-1)
      const last = automatic ?? steps.at(-1)
      if (last?.result === 'dead') counted.dead += 1
      else counted.pending += 1
    }
  }
  return counted
}

describe('what is undelivered', () => {
  it('is what a recount of all facts says, after any histories, in any order they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(history, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        async (histories, random) => {
          const facts = histories
            .flatMap((each, index) => factsOf(each, `evt_${index}`))
            .map((fact) => ({ fact, place: random.next().value ?? 0 }))
            .sort((a, b) => a.place - b.place)
          const logs = new Map<string, Log>()
          await using store = openStore({
            url: inject('mongoUrl'),
            database: `t${randomBytes(6).toString('hex')}`,
            sealer: createSealer('an-encryption-key-of-the-store-tests'),
            holder: 'test',
            now: () => new Date(start),
          })
          const lease = await store.readModel.acquireLease('test', 10_000)
          for (const batch of [facts.slice(0, facts.length / 2), facts.slice(facts.length / 2)]) {
            const touched = new Map<string, Log>()
            for (const { fact } of batch) {
              const log = applyFact(logs.get(fact.eventId) ?? null, fact)
              logs.set(fact.eventId, log)
              touched.set(fact.eventId, log)
            }
            const from = await store.readModel.readPositions()
            await store.readModel.writeBatch({
              epoch: lease?.epoch ?? 0,
              logs: [...touched.values()],
              orders: [],
              menus: [],
              from,
              positions: { ...from, activity: from.activity + 1 },
            })
          }
          for (const clientId of ['a', 'b', undefined])
            expect(await store.deadLetters.countUndelivered({ ...(clientId && { clientId }) })).toEqual(
              recount(histories, clientId),
            )
        },
      ),
      { numRuns: RUNS },
    )
  })
})
