import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { orderIdOf } from '../../src/domain/ids.js'
import type { Arrival, ProviderAdapter } from '../../src/providers/adapter.js'
import { type Endpoint, POST_HERE } from '../../src/providers/endpoint.js'
import type { Envelope } from '../../src/providers/envelope.js'

export const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url))
export const SAMPLE_CLIENT = 'client_test'
export const SAMPLE_RECEIVED_AT = '2026-03-14T17:05:12.000Z'

/** One call of a platform, as it comes to ingress. */
export type Sample = {
  /** Below the fixtures' folder. */
  readonly file: string
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
  /** The endpoint's path with its parameters filled in. */
  readonly path: string
  readonly body: Buffer
}

const PARAMS: Readonly<Record<string, string>> = {
  remoteId: '702114',
  remoteOrderId: orderIdOf('talabat', SAMPLE_CLIENT, '8b6c1f0e-6b7b-4a55-9d55-0f3a7c1d2e44'),
}

/** What a fixture's folder holds that is no call: our answers, and what a platform's API answers. */
const NO_CALL = /\.response\.json$|^order_resource/

/** The calls in `<root>/<name>/<profile>/`; where a platform has several paths, the file's name begins with the call's event. */
export function samplesOf(adapter: ProviderAdapter, root = FIXTURES): readonly Sample[] {
  const folder = `${adapter.name}/${adapter.profile}`
  return readdirSync(`${root}/${folder}`)
    .filter((file) => file.endsWith('.json') && !NO_CALL.test(file))
    .map((file) => {
      const endpoint = endpointOf(adapter, file)
      const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => PARAMS[name] ?? '')
      const params = endpoint.path.includes('{') ? PARAMS : {}
      return { file: `${folder}/${file}`, endpoint, params, path, body: readFileSync(`${root}/${folder}/${file}`) }
    })
}

function endpointOf({ endpoints, name }: ProviderAdapter, file: string): Endpoint {
  const [only = POST_HERE[0], ...others] = endpoints
  if (others.length === 0) return only
  const event = (file.split('.')[0] ?? '').replaceAll('_', '-')
  const found = endpoints.find((each) => each.event?.replaceAll('_', '-') === event)
  if (found === undefined) throw new Error(`${name} has no call "${event}" for ${file}`)
  return found
}

export function arrivalOf(sample: Sample, change: Partial<Arrival> = {}): Arrival {
  const { endpoint, params, body } = sample
  return { endpoint, params, body, receivedAt: SAMPLE_RECEIVED_AT, ...change }
}

export function envelopeOf(adapter: ProviderAdapter, sample: Sample): Envelope {
  const parsed = adapter.parse(arrivalOf(sample))
  if (!parsed.ok) throw new Error(`${sample.file}: ${parsed.message} ${JSON.stringify(parsed.details)}`)
  return parsed.envelope
}

/** What the platform's API answers for a thin event; undefined where events are whole. */
export function resourceFor(adapter: ProviderAdapter): unknown {
  if (adapter.api === undefined) return undefined
  const folder = `${FIXTURES}/${adapter.name}/${adapter.profile}`
  const file = readdirSync(folder).find((each) => each.startsWith('order_resource'))
  return file === undefined ? undefined : JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
}
