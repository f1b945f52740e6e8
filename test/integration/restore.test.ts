import { expect, it } from 'vitest'
import { startOwnStack } from '../support/app.js'
import { restoreDrill } from '../support/restore-drill.js'

it('a backup made under load and restored into a new stack brings back every event accepted before it', async () => {
  const report = await restoreDrill({
    perSecond: 40,
    secondsBefore: 4,
    secondsSince: 1,
    startStack: startOwnStack,
    onProgress: (line) => console.log(line),
  })
  console.log(report)
  expect(report).toMatchObject({ acceptedBefore: 160, lost: 0 })
  // The drill shows something: work was under way in the backup, and some came after it.
  expect(report.deliveredBefore).toBeLessThan(report.acceptedBefore)
  expect(report.acceptedSince).toBeGreaterThan(0)
}, 150_000)
