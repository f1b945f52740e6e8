import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { type AddressVerdict, classifyAddress } from './target-address.js'

/** Every address a name has. Rejects when the name cannot be resolved. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export type ConnectorOptions = {
  /** To resolve the name, connect and shake hands. */
  readonly timeoutMs: number
  /** Any address, any port, and plain http (`ALLOW_PRIVATE_TARGETS`). */
  readonly allowPrivateTargets: boolean
  /** The system's resolver where none is given. */
  readonly resolve?: Resolve
  /** Which addresses may be connected to; {@link classifyAddress} where none is given. */
  readonly classify?: (address: string) => AddressVerdict
}

/** A delivery may not go there. Nothing was sent, no connection was made. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused'
  readonly code = 'TARGET_REFUSED'
  constructor(reason: string) {
    super(`target ${reason} (ALLOW_PRIVATE_TARGETS is off)`)
  }
}

/** Ports from 1024 on that no webhook listens on, and an attacker would reach for. */
const SERVICE_PORTS: Readonly<Record<number, string>> = {
  1433: 'SQL Server',
  1521: 'Oracle',
  2049: 'NFS',
  2181: 'ZooKeeper',
  2375: 'Docker',
  2376: 'Docker',
  2379: 'etcd',
  2380: 'etcd',
  3306: 'MySQL',
  3389: 'RDP',
  4222: 'NATS',
  5432: 'PostgreSQL',
  5672: 'AMQP',
  5984: 'CouchDB',
  6379: 'Redis',
  6443: 'Kubernetes',
  8200: 'Vault',
  8500: 'Consul',
  9042: 'Cassandra',
  9092: 'Kafka',
  9200: 'Elasticsearch',
  9300: 'Elasticsearch',
  10250: 'kubelet',
  11211: 'memcached',
  27017: 'MongoDB',
  27018: 'MongoDB',
  27019: 'MongoDB',
}

/**
 * Opens the connections of an undici Agent. Every connection passes here, so nothing reaches a target unchecked: scheme,
 * port and IP literal before a socket exists, a name by the very addresses the socket then gets. The name itself stays
 * the target's, so SNI, certificate check and Host are what they would be anyway.
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { allowPrivateTargets, timeoutMs, resolve = resolveAll, classify = classifyAddress } = options
  if (allowPrivateTargets) return buildConnector({ timeout: timeoutMs, lookup: lookupBy(resolve) })
  const connect = buildConnector({ timeout: timeoutMs, lookup: lookupBy(resolveChecked(resolve, classify)) })
  return (target, callback) => {
    const reason = literalRefusal(target, classify) ?? protocolRefusal(target) ?? portRefusal(target)
    if (reason === null) return connect(target, callback)
    // Later, as a socket's error would come: undici is still putting the request in its queue.
    queueMicrotask(() => callback(new TargetRefused(reason), null))
  }
}

type Target = Pick<buildConnector.Options, 'hostname' | 'protocol' | 'port'>

/** IP literals are never looked up. The URL parser has brought odd spellings (2130706433, 0x7f.1) to the plain one. */
function literalRefusal({ hostname }: Target, classify: (address: string) => AddressVerdict): string | null {
  if (isIP(hostname) === 0) return null
  const verdict = classify(hostname)
  return verdict.allowed ? null : `${hostname} is ${verdict.reason}`
}

function protocolRefusal({ protocol, hostname }: Target): string | null {
  return protocol === 'https:' ? null : `${hostname} is not reached by https`
}

/** For https: the URL parser leaves 443 out. */
function portRefusal({ port: text }: Target): string | null {
  const port = text === '' ? 443 : Number(text)
  if (port === 443) return null
  if (!(port >= 1024 && port <= 65_535)) return `port ${port} is neither 443 nor above 1023`
  const service = SERVICE_PORTS[port]
  return service === undefined ? null : `port ${port} belongs to ${service}`
}

/**
 * Refuses a name when any of its addresses is forbidden: one good address beside a bad one is an attack, or a mistake.
 * The refusal does not repeat the address: whoever registered the name need not learn what it is in our network.
 */
function resolveChecked(resolve: Resolve, classify: (address: string) => AddressVerdict): Resolve {
  return async (hostname) => {
    const addresses = await resolve(hostname)
    for (const address of addresses) {
      const verdict = classify(address)
      if (!verdict.allowed) throw new TargetRefused(`${hostname} resolves to ${verdict.reason}`)
    }
    return addresses
  }
}

/** The socket asks once and connects to what this answers, so a second, different DNS answer never counts. */
function lookupBy(resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    resolveSome(resolve, hostname).then(
      (found) => (all === true ? callback(null, found) : callback(null, found[0].address, found[0].family)),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
    )
  }
}

async function resolveSome(resolve: Resolve, hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> {
  const addresses = await resolve(hostname)
  const [first, ...rest] = addresses.map((address) => ({ address, family: isIP(address) }))
  if (first === undefined) throw new Error(`${hostname} has no address`)
  return [first, ...rest]
}

const resolveAll: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true })
  return found.map(({ address }) => address)
}
