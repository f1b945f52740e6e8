import { describe, expect, it } from 'vitest'
import { consumersOf, createTopology } from '../../../src/stream/topology.js'

const DAY_NS = 86_400_000 * 1_000_000
const { streams, consumers, subjects } = createTopology({ prefix: 'p', replicas: 1, deadLetterDays: 12 })

describe('the streams', () => {
  // What metrics said is for looking at, an hour long; all else is somebody's order.
  const { metrics: _, ...ofOrders } = streams
  it.each(Object.entries(ofOrders))(
    '%s lets nothing go but by its age, or for a later word on the same',
    (_name, stream) => {
      expect(stream.max_age).toBeGreaterThanOrEqual(7 * DAY_NS)
      for (const bound of ['max_msgs', 'max_bytes', 'max_consumers'] as const) expect(stream[bound]).toBeUndefined()
      expect(stream.retention).toBeUndefined()
      expect(stream.max_msgs_per_subject ?? 1).toBe(1)
    },
  )

  it('keep dead letters for as long as the installation says', () => {
    expect(streams.deadLetters.max_age).toBe(12 * DAY_NS)
  })
})

describe('the consumers', () => {
  it('have every event exactly once, whatever its client and lane', () => {
    const filters = [consumers.dispatch, ...consumers.dispatchOverflow].map(({ config }) => config.filter_subject ?? '')
    const clients = Array.from({ length: 200 }, (_, index) => `client-${index}`)
    for (const clientId of clients)
      for (const subject of subjects.webhookAnywhere('careem', clientId, 'evt_1'))
        expect(filters.filter((filter) => matches(filter, subject))).toHaveLength(1)
    const lanes = new Set(clients.map((clientId) => subjects.webhookOverflow('careem', clientId, 'evt_1').at(-1)))
    expect(lanes.size).toBe(consumers.dispatchOverflow.length)
  })

  it('are named once each', () => {
    const names = consumersOf(createTopology({ prefix: '', replicas: 1 })).map(({ config }) => config.durable_name)
    expect(new Set(names).size).toBe(names.length)
  })
})

/** NATS's own rule for `*`; there is no `>` in these. */
function matches(filter: string, subject: string): boolean {
  const wanted = filter.split('.')
  const tokens = subject.split('.')
  return wanted.length === tokens.length && wanted.every((each, index) => each === '*' || each === tokens[index])
}
