import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '../dev/stack/stack.js'
import { rollingDrill } from '../test/support/rolling-drill.js'

// `npm run drill:rolling`: two processes of every role on a local stack of their own, each restarted under 300 requests a second.

const PER_SECOND = 300
const dataDir = await mkdtemp(join(tmpdir(), 'orderwire-drill-'))
const say = (line: string): void => console.log(`  ${line}`)
const stack = await startStack({ dataDir, memory: true, onProgress: say })
let ok = false
try {
  const report = await rollingDrill({
    natsUrl: stack.natsUrl,
    mongoUrl: stack.mongoUrl,
    perSecond: PER_SECOND,
    entry: 'build',
    onProgress: say,
  })
  console.log(report)
  ok = Object.keys(report.failed).length === 0 && report.unseen === 0 && report.unordered === 0
  console.log(ok ? 'Nothing failed, nothing was lost.' : 'The drill failed.')
} finally {
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(ok ? 0 : 1)
