import { type Neighbour, percentile, pooled, type Round, runNeighbours, STAGES } from './support/neighbours.js'

// `npm run bench fairness [-- --short]`: twenty quiet clients, 2 orders a second each; beside them nobody, one client at 50
// times that (its rate limit off), or one whose endpoint hangs until time-out. Rounds alternate, so that what else the
// machine does meets all alike; what counts is how much a neighbour moves the p99 from the platform's request to the
// endpoint's answer, by the median of the rounds: one in which the disk stood still decides nothing. Fails beyond the bound.

const isShort = process.argv.includes('--short')
const NEIGHBOURS: readonly Neighbour[] = ['nobody', 'loud', 'hanging']
const ROUNDS = isShort ? 4 : 6
const ROUND_MS = isShort ? 5_000 : 20_000
/** By how much the p99 may move. The worst hundredth of a short round is two orders. */
const MAX_MOVED = isShort ? 0.25 : 0.1

const results = await runNeighbours({
  quietClients: 20,
  quietPerSecond: 2,
  loudFactor: 50,
  hangingPerSecond: 10,
  roundMs: ROUND_MS,
  rounds: Array.from({ length: ROUNDS }, () => NEIGHBOURS).flat(),
  onRound: (neighbour, { own, delivered }) =>
    console.log(`  ${neighbour}: ${times('own', own)}, ${times('delivered', delivered)}`),
})
const base = typicalP99(results.get('nobody'))
let failed = false
for (const [neighbour, rounds] of results) {
  const moved = typicalP99(rounds) / base - 1
  if (moved > MAX_MOVED) failed = true
  const stages = STAGES.map((stage) => times(stage, pooled(rounds, stage)))
  console.log(`beside ${neighbour}: p99 moved by ${(moved * 100).toFixed(0)} %; p50 / p99 ms: ${stages.join(', ')}`)
}
console.log(failed ? `beyond ${MAX_MOVED * 100} %` : 'ok')
process.exit(failed ? 1 : 0)

function typicalP99(rounds: readonly Round[] = []): number {
  return percentile(
    rounds.map(({ delivered }) => percentile(delivered, 0.99)),
    0.5,
  )
}

function times(stage: string, values: readonly number[]): string {
  return `${stage} ${percentile(values, 0.5).toFixed(1)} / ${percentile(values, 0.99).toFixed(1)}`
}
