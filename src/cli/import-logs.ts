import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { type ImportCounts, importLogs as run } from '../app/import-logs.js'
import { readConfig } from '../config/config.js'
import { reportErrors } from './report-errors.js'

export type ImportFlags = { readonly dryRun: boolean; readonly fromLine: number }

/** Imports `webhook_logs` from a file, or standard input for `-`. What is rejected goes to standard output, a JSON object a line; progress to standard error. */
export async function importLogs(file: string, { dryRun, fromLine }: ImportFlags): Promise<void> {
  const { config, secrets } = readConfig(process.env, 'all')
  const input = file === '-' ? process.stdin : createReadStream(file)
  // A file that is not there is said at once, not when its first line is asked for.
  if (input !== process.stdin) await once(input, 'open')
  await reportErrors(secrets, 'import-logs', async () => {
    const counts = await run({
      config,
      secrets,
      input,
      isDryRun: dryRun,
      fromLine,
      now: () => new Date(),
      onRejected: (rejected) => console.log(JSON.stringify(rejected)),
      onProgress: (soFar) => console.error(`${sentenceOf(soFar)} …`),
    })
    console.error(`${sentenceOf(counts)}${dryRun ? ' (dry run: nothing was written)' : ''}`)
    if (counts.rejected > 0) process.exitCode = 1
  })
}

function sentenceOf({ lines, imported, present, expired, rejected }: ImportCounts): string {
  return `${lines} lines: ${imported} imported, ${present} there already, ${expired} older than logs are kept, ${rejected} rejected`
}
