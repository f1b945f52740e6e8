import ipaddr from 'ipaddr.js'

/** Whether an address is one of a list. */
export type AddressMatcher = (address: string) => boolean

type Address = ReturnType<typeof ipaddr.process>

/**
 * Compiles addresses and CIDR blocks, v4 and v6, to one test. IPv4-mapped IPv6 counts as IPv4.
 * @param list each an IP address or a CIDR block; throws on anything else
 */
export function matchAddresses(list: readonly string[]): AddressMatcher {
  const blocks = list.map(parseBlock)
  return (text) => {
    if (!ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    return blocks.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
  }
}

function parseBlock(text: string): [Address, number] {
  if (!text.includes('/')) {
    const address = ipaddr.process(text)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  }
  return ipaddr.parseCIDR(text)
}

/**
 * The address a request came from. `X-Forwarded-For` is believed only from trusted proxies, read from the right:
 * the first address that is not a trusted proxy is the client; everything left of it could be forged.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, isTrustedProxy: AddressMatcher): string {
  const direct = plain(peer)
  if (forwardedFor === undefined || !isTrustedProxy(direct)) return direct
  const hops = forwardedFor.split(',').map((hop) => plain(hop.trim()))
  let client = direct
  for (const hop of hops.reverse()) {
    if (!ipaddr.isValid(hop)) return client
    client = hop
    if (!isTrustedProxy(hop)) return client
  }
  return client
}

/** IPv4-mapped IPv6 in its IPv4 form; anything else as it is. */
function plain(text: string): string {
  if (!text.includes(':')) return text
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : text
}
