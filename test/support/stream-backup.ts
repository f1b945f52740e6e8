import { connect, createInbox, type JetStreamManager, type NatsConnection, type StreamInfo } from 'nats'
import { pause } from '../../src/lib/wait.js'

/** A stream with its consumers and their positions, as nats-server writes it for `nats stream backup`. */
export type StreamBackup = {
  readonly name: string
  readonly config: StreamInfo['config']
  readonly state: StreamInfo['state']
  readonly chunks: readonly Uint8Array[]
}

const TIMEOUT_MS = 20_000
const CHUNK_BYTES = 128 * 1024
const SLOW_CHUNK_BYTES = 8 * 1024
/**
 * nats-server makes every message of a piece durable, an fsync each, before it takes the next one; a restore that comes no
 * further for five seconds it gives up.
 */
const RESTORED_AT_ONCE_BYTES = 8 * 1024

/**
 * In the direction of the flow, so that what a stream has handed on is in the ones after it: backed up the other way round,
 * an event dispatched in between would be in neither.
 */
const FLOW = ['KV_CONFIG', 'WEBHOOKS', 'ORDERS', 'DELIVERIES', 'DEAD_LETTERS', 'ACTIVITY', 'NOTICES', 'KV_ALERTS']

/** In memory, and made anew within the hour. */
const NOT_BACKED_UP = 'METRICS'

/**
 * Every stream of an installation that is kept on disk, one after the other, while it works.
 * @param chunkPauseMs before each chunk of 8 KiB is confirmed: a large installation's backup lasts minutes
 */
export async function backUpStreams(
  natsUrl: string,
  prefix: string,
  chunkPauseMs = 0,
): Promise<readonly StreamBackup[]> {
  return connected(natsUrl, async (nc, jsm) => {
    const names = (await jsm.streams.names().next()).filter(
      (name) => name.includes(prefix) && name !== `${prefix}_${NOT_BACKED_UP}`,
    )
    const placeOf = (name: string): number => FLOW.indexOf(name.replace(`${prefix}_`, ''))
    const unknown = names.filter((name) => placeOf(name) < 0)
    if (unknown.length > 0) throw new Error(`Where in the flow are ${unknown.join(', ')}?`)
    const backups: StreamBackup[] = []
    for (const name of names.sort((one, other) => placeOf(one) - placeOf(other)))
      backups.push(await backUp(nc, name, chunkPauseMs))
    return backups
  })
}

/** Makes the streams anew, consumers and positions with them. */
export async function restoreStreams(natsUrl: string, backups: readonly StreamBackup[]): Promise<void> {
  await connected(natsUrl, async (nc) => {
    for (const { name, config, state, chunks } of backups) {
      const { deliver_subject: to } = await ask<{ deliver_subject: string }>(nc, `$JS.API.STREAM.RESTORE.${name}`, {
        config,
        state,
      })
      for (const piece of chunks.flatMap(inPieces)) {
        // Nothing, or why it will take no more.
        const answer = await nc.request(to, piece, { timeout: TIMEOUT_MS })
        if (answer.data.length > 0) refuse(answer.json())
      }
      // An empty chunk is the end, answered when the stream is there.
      refuse((await nc.request(to, new Uint8Array(), { timeout: TIMEOUT_MS })).json())
    }
  })
}

async function backUp(nc: NatsConnection, name: string, chunkPauseMs: number): Promise<StreamBackup> {
  const inbox = createInbox()
  const arriving = nc.subscribe(inbox)
  const size =
    chunkPauseMs === 0 ? { chunk_size: CHUNK_BYTES } : { chunk_size: SLOW_CHUNK_BYTES, window_size: SLOW_CHUNK_BYTES }
  const wanted = { deliver_subject: inbox, no_consumers: false, ...size }
  const { config, state } = await ask<Pick<StreamBackup, 'config' | 'state'>>(
    nc,
    `$JS.API.STREAM.SNAPSHOT.${name}`,
    wanted,
  )
  const chunks: Uint8Array[] = []
  for await (const message of arriving) {
    const code = message.headers?.code ?? 0
    if (code >= 400) throw new Error(`nats-server ended the backup of ${name}: ${message.headers?.description}`)
    if (message.data.length === 0) break
    chunks.push(message.data)
    if (chunkPauseMs > 0) await pause(chunkPauseMs)
    message.respond()
  }
  return { name, config, state, chunks }
}

function inPieces(chunk: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(chunk.length / RESTORED_AT_ONCE_BYTES)
  return Array.from({ length: count }, (_, index) =>
    chunk.subarray(index * RESTORED_AT_ONCE_BYTES, (index + 1) * RESTORED_AT_ONCE_BYTES),
  )
}

async function connected<T>(
  servers: string,
  use: (nc: NatsConnection, jsm: JetStreamManager) => Promise<T>,
): Promise<T> {
  const nc = await connect({ servers })
  try {
    return await use(nc, await nc.jetstreamManager())
  } finally {
    await nc.close()
  }
}

async function ask<T>(nc: NatsConnection, subject: string, request: object): Promise<T> {
  const answer = (await nc.request(subject, JSON.stringify(request), { timeout: TIMEOUT_MS })).json<T>()
  refuse(answer)
  return answer
}

function refuse(answer: unknown): void {
  const { error } = answer as { readonly error?: { readonly description?: string } }
  if (error !== undefined) throw new Error(`nats-server refuses: ${error.description}`)
}
