import { type Neighbour, percentile, pooled, runNeighbours, STAGES } from './neighbours.js'

// `npm run bench fairness [-- --short]`: ten quiet clients, 2 orders a second each; beside them nobody, one client at 50
// times that (its rate limit off), or one whose endpoint hangs until time-out. Rounds alternate, so that what else the
// machine does meets all alike; what counts is how much a neighbour moves the p99 of the rounds' orders together.

const isShort = process.argv.includes('--short')
const NEIGHBOURS: readonly Neighbour[] = ['nobody', 'loud', 'hanging']
const ROUNDS = isShort ? 5 : 10
const ROUND_MS = isShort ? 8_000 : 20_000

const results = await runNeighbours({
  quietClients: 10,
  quietPerSecond: 2,
  loudFactor: 50,
  hangingPerSecond: 10,
  roundMs: ROUND_MS,
  rounds: Array.from({ length: ROUNDS }, () => NEIGHBOURS).flat(),
  onRound: (neighbour, { all }) =>
    console.log(
      `  ${neighbour}: p50 ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms`,
    ),
})
const base = percentile(pooled(results.get('nobody')), 0.99)
for (const [neighbour, rounds] of results) {
  const p99 = percentile(pooled(rounds), 0.99)
  const stages = STAGES.map((stage) => {
    const values = pooled(rounds, stage)
    return `${stage} ${percentile(values, 0.5).toFixed(1)} / ${percentile(values, 0.99).toFixed(1)}`
  })
  console.log(
    `beside ${neighbour}: p99 moved by ${((p99 / base - 1) * 100).toFixed(0)} %; p50 / p99 ms: ${stages.join(', ')}`,
  )
}
process.exit(0)
