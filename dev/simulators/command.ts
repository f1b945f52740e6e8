import { setMaxListeners } from 'node:events'
import type { ProviderName } from '../../src/domain/provider.js'
import { createRandom } from './random.js'
import { runSimulator } from './simulator.js'

export type SimulateFlags = {
  readonly provider: ProviderName
  readonly client: string
  readonly url: string
  readonly secret: string
  readonly apiKey?: string
  readonly rate: string
  readonly count?: string
}

/** `orderwire simulate`: one line per answer, and a count at the end. Ctrl-C ends it. */
export async function simulate(flags: SimulateFlags): Promise<void> {
  const stopping = new AbortController()
  // Every order under way waits on it.
  setMaxListeners(0, stopping.signal)
  process.once('SIGINT', () => stopping.abort())
  const answers = new Map<number, number>()
  const url = `${flags.url.replace(/\/+$/, '')}/webhooks/${flags.provider}/${flags.client}`
  await runSimulator({
    target: {
      provider: flags.provider,
      clientId: flags.client,
      url,
      credentials: { secretKey: flags.secret, ...(flags.apiKey !== undefined && { apiKey: flags.apiKey }) },
    },
    random: createRandom(Date.now()),
    ordersPerSecond: Number(flags.rate),
    ...(flags.count !== undefined && { count: Number(flags.count) }),
    signal: stopping.signal,
    onSent: ({ status, eventId }) => {
      answers.set(status, (answers.get(status) ?? 0) + 1)
      console.log(status === 0 ? `no answer from ${url}` : `${status} ${eventId ?? ''}`)
    },
  })
  console.log([...answers].map(([status, count]) => `${count} × ${status === 0 ? 'no answer' : status}`).join(', '))
}
