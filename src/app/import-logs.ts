import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Config, Secrets } from '../config/config.js'
import { parseEarlierLog } from '../domain/earlier-log.js'
import type { Log } from '../domain/log.js'
import { PROFILES } from '../domain/provider.js'
import { createSealer } from '../lib/seal.js'
import { openStore } from '../store/store.js'
import { loadProviders } from './providers.js'

export type ImportCounts = {
  /** Lines read. */
  readonly lines: number
  /** Written now, or with a dry run: would be, or are there already. */
  readonly imported: number
  /** There already, from an earlier run. */
  readonly present: number
  /** Older than logs are kept: retention would remove them at once. */
  readonly expired: number
  readonly rejected: number
}

export type ImportOptions = {
  readonly config: Config
  readonly secrets: Secrets
  readonly input: Readable
  /** Reads and checks everything, writes nothing. */
  readonly isDryRun: boolean
  /** Lines before this one (from 1) are passed over: where an import that was cut short goes on. */
  readonly fromLine: number
  now(): Date
  onRejected(rejected: { readonly line: number; readonly reason: string; readonly row: string }): void
  onProgress(counts: ImportCounts): void
}

/** Rows in memory at once, and in one write. */
const BATCH = 500
const PROGRESS_EVERY_MS = 1_000
const DAY_MS = 86_400_000

/**
 * Writes the earlier system's `webhook_logs`, a JSON object a line, into the read model. A log has its row's id, so that
 * running it again, also after it was cut short, writes only what is missing. Nothing is delivered, counted in stats or
 * offered as a dead letter. Throws where the database does not answer.
 */
export async function importLogs(options: ImportOptions): Promise<ImportCounts> {
  const { config, secrets, now } = options
  const providers = loadProviders(config.providersFile)
  const isProvider = (name: string): boolean => PROFILES.some((profile) => providers.find(name, profile) !== undefined)
  const sealer = createSealer(secrets.encryptionKey)
  const store = openStore({ url: config.mongoUrl, database: config.mongoDatabase, sealer, holder: 'import', now })
  const keptSince = new Date(now().getTime() - config.retention.logDays * DAY_MS).toISOString()
  const counts = { lines: 0, imported: 0, present: 0, expired: 0, rejected: 0 }
  let batch: Log[] = []
  let toldAt = now().getTime()
  const write = async (): Promise<void> => {
    const added = options.isDryRun ? batch.length : await store.importLogs(batch)
    counts.imported += added
    counts.present += batch.length - added
    batch = []
    if (now().getTime() - toldAt < PROGRESS_EVERY_MS) return
    toldAt = now().getTime()
    options.onProgress({ ...counts })
  }
  try {
    for await (const row of createInterface({ input: options.input, crlfDelay: Number.POSITIVE_INFINITY })) {
      counts.lines += 1
      if (counts.lines < options.fromLine || row.trim() === '') continue
      const parsed = parseEarlierLog(row, isProvider)
      if (parsed.outcome === 'rejected') {
        counts.rejected += 1
        options.onRejected({ line: counts.lines, reason: parsed.reason, row })
      } else if (parsed.log.timestamp < keptSince) counts.expired += 1
      else batch.push(parsed.log)
      if (batch.length >= BATCH) await write()
    }
    await write()
    return counts
  } finally {
    await store.close()
  }
}
