import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { classifyAddress } from '../../../src/processors/deliver/target-address.js'

const reasonOf = (address: string): string | null => {
  const verdict = classifyAddress(address)
  return verdict.allowed ? null : verdict.reason
}

describe('a target address', () => {
  it.each([
    ['0.0.0.0', 'an unspecified address'],
    ['0.1.2.3', 'an unspecified address'],
    ['10.0.0.5', 'a private address'],
    ['10.255.255.255', 'a private address'],
    ['100.64.0.1', 'a carrier-grade NAT address'],
    ['100.127.255.255', 'a carrier-grade NAT address'],
    ['100.100.100.200', 'a cloud metadata address'],
    ['127.0.0.1', 'a loopback address'],
    ['127.255.255.254', 'a loopback address'],
    ['168.63.129.16', 'a cloud metadata address'],
    ['169.254.0.1', 'a link-local address'],
    ['169.254.169.254', 'a cloud metadata address'],
    ['169.254.170.2', 'a cloud metadata address'],
    ['172.16.0.0', 'a private address'],
    ['172.31.255.255', 'a private address'],
    ['192.0.0.8', 'an IETF protocol address'],
    ['192.0.0.192', 'a cloud metadata address'],
    ['192.0.2.1', 'a documentation address'],
    ['192.31.196.1', 'an AS112 address'],
    ['192.52.193.1', 'an AMT relay address'],
    ['192.88.99.1', 'a 6to4 relay address'],
    ['192.168.1.1', 'a private address'],
    ['192.175.48.1', 'an AS112 address'],
    ['198.18.0.1', 'a benchmarking address'],
    ['198.19.255.255', 'a benchmarking address'],
    ['198.51.100.1', 'a documentation address'],
    ['203.0.113.1', 'a documentation address'],
    ['224.0.0.1', 'a multicast address'],
    ['239.255.255.255', 'a multicast address'],
    ['240.0.0.1', 'a reserved address'],
    ['255.255.255.254', 'a reserved address'],
    ['255.255.255.255', 'the broadcast address'],
    ['::', 'an unspecified address'],
    ['::1', 'a loopback address'],
    ['::7f00:1', 'an IPv4-compatible address'],
    ['::ffff:10.0.0.1', 'an IPv4-mapped address'],
    ['::ffff:8.8.8.8', 'an IPv4-mapped address'],
    ['::ffff:7f00:1', 'an IPv4-mapped address'],
    ['::ffff:0:127.0.0.1', 'an IPv4-translated address'],
    ['64:ff9b::a00:1', 'a NAT64 address'],
    ['64:ff9b::8.8.8.8', 'a NAT64 address'],
    ['64:ff9b:1::1', 'a NAT64 address'],
    ['64:ff9b:1:ffff::1', 'a NAT64 address'],
    ['100::1', 'a discard-only address'],
    ['2001::1', 'a Teredo address'],
    ['2001:2::1', 'a benchmarking address'],
    ['2001:20::1', 'an IETF protocol address'],
    ['2001:db8::1', 'a documentation address'],
    ['2002:7f00:1::', 'a 6to4 address'],
    ['2002:808:808::', 'a 6to4 address'],
    ['2620:4f:8000::1', 'an AS112 address'],
    ['3fff:fff::1', 'a documentation address'],
    ['5f00::1', 'a segment-routing address'],
    ['fc00::1', 'a private address'],
    ['fdff::1', 'a private address'],
    ['fd00:ec2::254', 'a cloud metadata address'],
    ['fd20:ce::254', 'a cloud metadata address'],
    ['fe80::1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['fe80::1%eth-0', 'not a plain IP address'],
    ['febf::1', 'a link-local address'],
    ['fec0::1', 'a site-local address'],
    ['ff02::1', 'a multicast address'],
    ['1fff::1', 'a reserved address'],
    ['4000::1', 'a reserved address'],
    ['7fff::1', 'a reserved address'],
    ['8000::1', 'a reserved address'],
    ['fe00::1', 'a reserved address'],
  ])('%s is refused as %s', (address, reason) => {
    expect(reasonOf(address)).toBe(reason)
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:db7:ffff::1',
    '2001:db9::1',
    '2001:4860:4860::8888',
    '2003::1',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
    '3ffe:ffff::1',
  ])('%s is allowed', (address) => {
    expect(classifyAddress(address)).toEqual({ allowed: true })
  })

  it.each(['', 'pos.example', '2130706433', '0x7f.1', '127.1', '010.0.0.1', '8.8.8.8 ', '[::1]', '1.1.1.1/32'])(
    '"%s" is refused, being no address in its plain spelling',
    (text) => {
      expect(reasonOf(text)).toBe('not a plain IP address')
    },
  )

  it('is refused whatever IPv4 address is wrapped in IPv6', () => {
    const wraps = ['::', '0:0:0:0:0:0:', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::']
    fc.assert(fc.property(fc.ipV4(), fc.constantFrom(...wraps), (inner, wrap) => reasonOf(wrap + inner) !== null))
    fc.assert(
      fc.property(fc.ipV4(), (inner) => {
        const [a = 0, b = 0, c = 0, d = 0] = inner.split('.').map(Number)
        return reasonOf(`2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::1`) !== null
      }),
    )
  })

  it('is allowed only where ipaddr.js, too, sees plain unicast', () => {
    const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(anyAddress, (address) => reasonOf(address) !== null || ipaddr.process(address).range() === 'unicast'),
      { numRuns: 2_000 },
    )
  })
})
