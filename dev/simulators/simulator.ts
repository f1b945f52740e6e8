import type { InboundCredentials } from '../../src/domain/client.js'
import type { ProviderName } from '../../src/domain/provider.js'
import { pause } from '../../src/lib/wait.js'
import { createProviderRegistry } from '../../src/providers/registry.js'
import { fillBasket } from './menu.js'
import { PLATFORMS, type SimulatedOrder } from './platforms.js'
import type { Random } from './random.js'

/** Where a simulated platform sends, and how it proves itself. */
export type Target = {
  readonly provider: ProviderName
  readonly clientId: string
  readonly url: string
  readonly credentials: InboundCredentials
}

export type Sent = { readonly target: Target; readonly status: number; readonly eventId: string | null }

export type SimulatorOptions = {
  readonly target: Target
  readonly random: Random
  readonly ordersPerSecond: number
  /** Stops by itself after so many orders; until the signal otherwise. */
  readonly count?: number
  /** Probabilities of what goes wrong on real platforms. */
  readonly faults?: { readonly resend: number; readonly cancel: number; readonly badSignature: number }
  readonly signal: AbortSignal
  onSent?(sent: Sent): void
}

const PROVIDERS = createProviderRegistry()

const NO_FAULTS = { resend: 0, cancel: 0, badSignature: 0 }

/** One platform that signs and POSTs orders, and then what becomes of each. Resolves when all it began is sent. */
export async function runSimulator(options: SimulatorOptions): Promise<void> {
  const { random, signal, faults = NO_FAULTS } = options
  const orders: Promise<void>[] = []
  for (let index = 0; !signal.aborted && index < (options.count ?? Number.POSITIVE_INFINITY); index += 1) {
    const placed = liveOrder(newOrder(random), options, faults)
    if (options.count !== undefined) orders.push(placed)
    await pause((1_000 / options.ordersPerSecond) * (0.5 + random.next()), signal)
  }
  await Promise.all(orders)
}

function newOrder(random: Random): SimulatedOrder {
  const number = random.int(10_000_000, 99_999_999)
  const hex = (digits: number): string => Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('')
  return {
    number,
    id: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    placedAt: new Date(),
    basket: fillBasket(random),
  }
}

/** From placed to delivered, or cancelled on the way. */
async function liveOrder(
  order: SimulatedOrder,
  options: SimulatorOptions,
  faults: NonNullable<SimulatorOptions['faults']>,
): Promise<void> {
  const { random, signal, target } = options
  const platform = PLATFORMS[target.provider]
  if (platform === undefined) throw new Error(`No platform simulates ${target.provider}`)
  const cancelled = random.chance(faults.cancel)
  await say(platform.created(order), options, faults)
  const startedAt = Date.now()
  for (const { status, afterMs } of cancelled ? [{ status: platform.cancelled, afterMs: 6_000 }] : platform.steps) {
    await pause(startedAt + afterMs - Date.now(), signal)
    if (signal.aborted) return
    await say(platform.changed(order, status, new Date()), options, faults)
  }
}

async function say(
  message: object,
  options: SimulatorOptions,
  faults: NonNullable<SimulatorOptions['faults']>,
): Promise<void> {
  const { random, target } = options
  const body = Buffer.from(JSON.stringify(message))
  if (random.chance(faults.badSignature)) {
    await post(body, { ...target, credentials: { secretKey: 'not-the-secret', apiKey: 'not-the-key' } }, options)
  }
  await post(body, target, options)
  if (random.chance(faults.resend)) await post(body, target, options)
}

async function post(body: Buffer, target: Target, options: SimulatorOptions): Promise<void> {
  const adapter = PROVIDERS.find(target.provider, 'spec')
  if (adapter === undefined) throw new Error(`No adapter for ${target.provider}`)
  const headers = adapter.sign(body, target.credentials, { clientId: target.clientId, nowMs: Date.now() })
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(10_000),
    })
    // The answer is ours; a proxy's would have no eventId.
    const answer = (await response.json().catch(() => ({}))) as { eventId?: string }
    options.onSent?.({ target, status: response.status, eventId: answer.eventId ?? null })
  } catch {
    // The installation is away: a real platform would try again later; the simulation goes on.
    options.onSent?.({ target, status: 0, eventId: null })
  }
}
