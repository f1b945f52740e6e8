import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { connectStream, type StreamConnection } from '../../src/stream/connection.js'
import { ensureTopology } from '../../src/stream/ensure-topology.js'
import { createReader } from '../../src/stream/reader.js'
import { createTopology } from '../../src/stream/topology.js'

const topology = createTopology({ prefix: `t${randomBytes(6).toString('hex')}`, replicas: 1 })
let connection: StreamConnection

beforeAll(async () => {
  connection = await connectStream({ url: inject('natsUrl'), name: 'reader test' })
  await ensureTopology(connection, topology)
})
afterAll(() => connection.close())

describe('a reader of a stream', () => {
  it('closes at once while it is still being opened and nothing ever comes', async () => {
    const reader = createReader(connection, {
      stream: topology.streams.activity.name,
      after: 0,
      onError: (error) => {
        throw error
      },
    })
    const closed = reader.close().then(() => 'closed')
    const late = new Promise((resolve) => setTimeout(resolve, 5_000, 'still open').unref())
    expect(await Promise.race([closed, late])).toBe('closed')
  })
})
