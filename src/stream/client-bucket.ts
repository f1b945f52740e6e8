import type { KV, KvEntry } from 'nats'
import { pause } from '../lib/wait.js'
import type { StreamConnection } from './connection.js'

/** The watched key-value bucket through which registrations and settings are in force everywhere within a second. */
export type ClientBucket = {
  put(clientId: string, record: Uint8Array): Promise<void>
  /** Every record there is, then every change. Resolves once the first pass is complete; goes on until `signal`. */
  watch(options: BucketWatch): Promise<void>
}

export type BucketWatch = {
  onRecord(clientId: string, record: Uint8Array): void
  onRemoved(clientId: string): void
  onError(error: unknown): void
  readonly signal: AbortSignal
}

const REWATCH_MS = 500

export async function openClientBucket(connection: StreamConnection, bucketName: string): Promise<ClientBucket> {
  const bucket = await connection.js.views.kv(bucketName)
  return {
    put: async (clientId, record) => {
      await bucket.put(clientId, record)
    },
    watch: (options) => new Promise((resolve, reject) => void watchForEver(bucket, options, resolve).catch(reject)),
  }
}

async function watchForEver(bucket: KV, options: BucketWatch, onComplete: () => void): Promise<void> {
  while (!options.signal.aborted) {
    try {
      const watch = await bucket.watch({ initializedFn: onComplete })
      const stop = (): void => watch.stop()
      options.signal.addEventListener('abort', stop, { once: true })
      for await (const entry of watch) apply(entry, options)
      options.signal.removeEventListener('abort', stop)
    } catch (error) {
      options.onError(error)
    }
    await pause(REWATCH_MS, options.signal)
  }
}

function apply(entry: KvEntry, options: BucketWatch): void {
  if (entry.operation === 'PUT') options.onRecord(entry.key, entry.value)
  else options.onRemoved(entry.key)
}
