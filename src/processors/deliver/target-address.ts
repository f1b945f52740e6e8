import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether a delivery may connect to an address; if not, what the address is, fit for "is …" and "resolves to …". */
export type AddressVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

/**
 * What is not an endpoint on the public internet, after IANA's special-purpose registries; the first block that holds
 * an address names it. The last three leave IPv6 its global unicast space, 2000::/3, and nothing else. Addresses that
 * carry an IPv4 address inside are refused whole: no public endpoint has one, and a translator could turn it inwards.
 */
const FORBIDDEN_BLOCKS: readonly (readonly [block: string, reason: string])[] = [
  // Where clouds hand out credentials. The last lies in public space: Azure answers on it inside every machine.
  ['169.254.169.254/32', 'a cloud metadata address'],
  ['169.254.170.2/32', 'a cloud metadata address'],
  ['100.100.100.200/32', 'a cloud metadata address'],
  ['192.0.0.192/32', 'a cloud metadata address'],
  ['fd00:ec2::254/128', 'a cloud metadata address'],
  ['fd20:ce::254/128', 'a cloud metadata address'],
  ['168.63.129.16/32', 'a cloud metadata address'],

  ['0.0.0.0/8', 'an unspecified address'],
  ['10.0.0.0/8', 'a private address'],
  ['100.64.0.0/10', 'a carrier-grade NAT address'],
  ['127.0.0.0/8', 'a loopback address'],
  ['169.254.0.0/16', 'a link-local address'],
  ['172.16.0.0/12', 'a private address'],
  ['192.0.0.0/24', 'an IETF protocol address'],
  ['192.0.2.0/24', 'a documentation address'],
  ['192.31.196.0/24', 'an AS112 address'],
  ['192.52.193.0/24', 'an AMT relay address'],
  ['192.88.99.0/24', 'a 6to4 relay address'],
  ['192.168.0.0/16', 'a private address'],
  ['192.175.48.0/24', 'an AS112 address'],
  ['198.18.0.0/15', 'a benchmarking address'],
  ['198.51.100.0/24', 'a documentation address'],
  ['203.0.113.0/24', 'a documentation address'],
  ['224.0.0.0/4', 'a multicast address'],
  ['255.255.255.255/32', 'the broadcast address'],
  ['240.0.0.0/4', 'a reserved address'],

  ['::/128', 'an unspecified address'],
  ['::1/128', 'a loopback address'],
  ['::/96', 'an IPv4-compatible address'],
  ['::ffff:0:0/96', 'an IPv4-mapped address'],
  ['::ffff:0:0:0/96', 'an IPv4-translated address'],
  ['64:ff9b::/96', 'a NAT64 address'],
  ['64:ff9b:1::/48', 'a NAT64 address'],
  ['100::/64', 'a discard-only address'],
  ['2001::/32', 'a Teredo address'],
  ['2001:2::/48', 'a benchmarking address'],
  ['2001::/23', 'an IETF protocol address'],
  ['2001:db8::/32', 'a documentation address'],
  ['2002::/16', 'a 6to4 address'],
  ['2620:4f:8000::/48', 'an AS112 address'],
  ['3fff::/20', 'a documentation address'],
  ['5f00::/16', 'a segment-routing address'],
  ['fc00::/7', 'a private address'],
  ['fe80::/10', 'a link-local address'],
  ['fec0::/10', 'a site-local address'],
  ['ff00::/8', 'a multicast address'],
  ['::/3', 'a reserved address'],
  ['4000::/2', 'a reserved address'],
  ['8000::/1', 'a reserved address'],
]

const BLOCKS = FORBIDDEN_BLOCKS.map(([block, reason]) => ({ block: ipaddr.parseCIDR(block), reason }))

/**
 * Judges an address a delivery would connect to.
 * @param text an IPv4 address in four decimal parts or an IPv6 address without brackets; anything else is refused
 */
export function classifyAddress(text: string): AddressVerdict {
  // Both must read it: what the two could read differently (010.0.0.1) is refused.
  if (isIP(text) === 0 || !ipaddr.isValid(text)) return { allowed: false, reason: 'not a plain IP address' }
  const address = ipaddr.parse(text)
  const found = BLOCKS.find(({ block: [network, bits] }) => {
    return address.kind() === network.kind() && address.match(network, bits)
  })
  return found === undefined ? { allowed: true } : { allowed: false, reason: found.reason }
}
