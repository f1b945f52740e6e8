import { setPriority } from 'node:os'
import { Pool } from 'undici'
import { endpointMs, sendSteadily } from './neighbours.js'
import { startSink } from './processes.js'

// The neighbours of `neighbours.ts`, platform and endpoint, as a process of its own at the lowest priority: on a machine of
// their own they would take no time from what is measured.

/** What a neighbour is told to do; `done` is answered. */
export type NeighbourRound = {
  readonly ingressPort: number
  readonly clientId: string
  readonly perSecond: number
  readonly lengthMs: number
}

setPriority(19)
process.once('disconnect', () => process.exit())
const url = await startSink(({ path }) => (path === '/hanging' ? 'hang' : { afterMs: endpointMs() }))
process.on('message', async ({ ingressPort, clientId, perSecond, lengthMs }: NeighbourRound) => {
  const pool = new Pool(`http://127.0.0.1:${ingressPort}`, { connections: 64 })
  await sendSteadily({ clientId, perSecond, lengthMs }, (request) =>
    pool.request(request).then(({ body }) => body.dump()),
  )
  await pool.close()
  process.send?.('done')
})
process.send?.(url)
