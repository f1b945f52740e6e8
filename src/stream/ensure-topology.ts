import { type ConsumerConfig, NatsError, type StreamConfig } from 'nats'
import type { StreamConnection } from './connection.js'
import { consumersOf, type Topology } from './topology.js'

const ALERTS_KEPT_MS = 30 * 86_400_000
const STREAM_NOT_FOUND = 10_059
const CONSUMER_NOT_FOUND = 10_014

/** Creates what is missing and brings what is there up to the table. Safe to run by several instances at once. */
export async function ensureTopology({ jsm, js }: StreamConnection, topology: Topology): Promise<void> {
  for (const table of Object.values(topology.streams)) {
    // The client's typings lack the newest options; the server knows them.
    const config = table as Partial<StreamConfig> & { name: string }
    const exists = await found(jsm.streams.info(config.name), STREAM_NOT_FOUND)
    if (exists) await jsm.streams.update(config.name, config)
    else await jsm.streams.add(config)
  }
  for (const { stream, config } of consumersOf(topology)) {
    const exists = await found(jsm.consumers.info(stream, config.durable_name), CONSUMER_NOT_FOUND)
    if (exists) await jsm.consumers.update(stream, config.durable_name, config)
    else await jsm.consumers.add(stream, config as Partial<ConsumerConfig>)
  }
  const replicas = topology.streams.webhooks.num_replicas ?? 1
  await js.views.kv(topology.configBucket, { history: 1, replicas })
  await js.views.kv(topology.alertBucket, { history: 1, replicas, ttl: ALERTS_KEPT_MS })
}

async function found(lookup: Promise<unknown>, missingCode: number): Promise<boolean> {
  try {
    await lookup
    return true
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === missingCode) return false
    throw error
  }
}
