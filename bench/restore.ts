import { startOwnStack } from '../test/support/app.js'
import { restoreDrill } from '../test/support/restore-drill.js'

// `npm run drill:restore`: an installation backed up under load, lost, and restored into a new stack.

const say = (line: string): void => console.log(`  ${line}`)
const report = await restoreDrill({
  perSecond: 200,
  secondsBefore: 20,
  secondsSince: 5,
  chunkPauseMs: 20,
  startStack: startOwnStack,
  onProgress: say,
})
console.log(report)
console.log(report.lost === 0 ? 'Nothing that was accepted before the backup was lost.' : 'The drill failed.')
process.exit(report.lost === 0 ? 0 : 1)
