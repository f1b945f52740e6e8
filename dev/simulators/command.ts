import { setMaxListeners } from 'node:events'
import type { Profile, ProviderName } from '../../src/domain/provider.js'
import { findPlatform } from './platforms.js'
import { findScenario } from './scenarios.js'
import { runSimulator } from './simulator.js'

export type SimulateFlags = {
  readonly provider: ProviderName
  readonly profile?: Profile
  readonly client: string
  readonly url: string
  readonly to?: string
  readonly secret: string
  readonly apiKey?: string
  readonly rate: number
  readonly count?: number
  readonly seed?: number
  readonly scenario: string
  readonly platformApi?: string
}

/** `orderwire simulate`: one line per answer, and a count at the end. Ctrl-C ends it. */
export async function simulate(flags: SimulateFlags): Promise<void> {
  const { provider, profile } = findPlatform(flags.provider, flags.profile)
  const scenario = findScenario(flags.scenario)
  const seed = flags.seed ?? Date.now()
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  process.once('SIGINT', () => stopping.abort())
  const url = withoutSlash(flags.to ?? `${withoutSlash(flags.url)}/webhooks/${provider}/${flags.client}`)
  console.log(`${provider} (${profile}) to ${url}, seed ${seed}: ${scenario.tells}`)
  const answers = new Map<string, number>()
  await runSimulator({
    target: {
      provider,
      profile,
      clientId: flags.client,
      url,
      credentials: { secretKey: flags.secret, ...(flags.apiKey !== undefined && { apiKey: flags.apiKey }) },
    },
    seed,
    scenario,
    ordersPerSecond: flags.rate,
    ...(flags.count !== undefined && { count: flags.count }),
    ...(flags.platformApi !== undefined && { apiUrl: withoutSlash(flags.platformApi) }),
    signal: stopping.signal,
    onSent: ({ status, eventId, message }) => {
      const answer = `${status === 0 ? 'no answer' : status}${message.isForged ? ' (forged)' : ''}`
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
      console.log(`${answer} ${eventId ?? ''}`.trimEnd())
    },
  })
  console.log([...answers].map(([answer, count]) => `${count} × ${answer}`).join(', '))
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
