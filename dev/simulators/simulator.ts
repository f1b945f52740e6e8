import type { InboundCredentials } from '../../src/domain/client.js'
import type { Profile, ProviderName } from '../../src/domain/provider.js'
import { pause } from '../../src/lib/wait.js'
import { createProviderRegistry } from '../../src/providers/registry.js'
import { findPlatform } from './platforms.js'
import { type Message, type StoryOptions, tellStory } from './story.js'

/** Where a simulated platform sends, and how it proves itself. */
export type Target = {
  readonly provider: ProviderName
  readonly profile: Profile
  readonly clientId: string
  /** The client's URL: endpoints are below it. */
  readonly url: string
  readonly credentials: InboundCredentials
}

/** `status` is 0 where nobody answered. */
export type Sent = {
  readonly target: Target
  readonly message: Message
  readonly status: number
  readonly eventId: string | null
}

export type SimulatorOptions = Omit<StoryOptions, 'platform' | 'clientId' | 'startAt'> & {
  readonly target: Target
  readonly signal: AbortSignal
  onSent?(sent: Sent): void
}

export type SignedMessage = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const PROVIDERS = createProviderRegistry()
const FORGER: InboundCredentials = { secretKey: 'not-the-secret', apiKey: 'not-the-key' }
/** A slow installation slows the platform down, as its own queue would. */
const MAX_UNDER_WAY = 64
const ANSWER_TIMEOUT_MS = 10_000

/** One platform that signs and sends orders, and then what becomes of each. Resolves when all it began is answered. */
export async function runSimulator(options: SimulatorOptions): Promise<void> {
  const { target, signal } = options
  const startAt = Date.now()
  const platform = findPlatform(target.provider, target.profile)
  const underWay = new Set<Promise<void>>()
  for (const message of tellStory({ ...options, platform, clientId: target.clientId, startAt })) {
    await pause(startAt + message.dueMs - Date.now(), signal)
    if (underWay.size >= MAX_UNDER_WAY) await Promise.race(underWay)
    if (signal.aborted) break
    const sending: Promise<void> = send(message, target).then((sent) => {
      underWay.delete(sending)
      options.onSent?.(sent)
    })
    underWay.add(sending)
  }
  await Promise.all(underWay)
}

/** The request a message is: the method and path of its endpoint, and the platform's proof. */
export function signMessage({ call, body, clock, isForged }: Message, target: Target): SignedMessage {
  const adapter = PROVIDERS.find(target.provider, target.profile)
  const endpoint = adapter?.endpoints.find(({ event }) => event === call.event)
  if (adapter === undefined || endpoint === undefined)
    throw new Error(`${target.provider} (${target.profile}) has no endpoint for ${call.event ?? 'its events'}`)
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(call.params?.[name] ?? ''))
  const credentials = isForged ? FORGER : target.credentials
  const proof = adapter.sign(body, credentials, { clientId: target.clientId, nowMs: clock })
  return {
    method: endpoint.method,
    url: `${target.url}${path}`,
    headers: { 'content-type': 'application/json', ...proof },
    body,
  }
}

async function send(message: Message, target: Target): Promise<Sent> {
  const { method, url, headers, body } = signMessage(message, target)
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    // Some platforms are answered without a body, and a proxy's answer would have no eventId.
    const answer = (await response.json().catch(() => ({}))) as { eventId?: string }
    return { target, message, status: response.status, eventId: answer.eventId ?? null }
  } catch {
    // The installation is away: a real platform would try again later; the simulation goes on.
    return { target, message, status: 0, eventId: null }
  }
}
