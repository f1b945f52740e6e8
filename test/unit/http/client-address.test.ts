import { describe, expect, it } from 'vitest'
import { clientAddress, matchAddresses } from '../../../src/http/client-address.js'

describe('matchAddresses', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.0/24', '203.0.113.200', true],
    ['203.0.113.0/24', '203.0.114.1', false],
    ['203.0.113.0/24', '::ffff:203.0.113.9', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '203.0.113.7', false],
    ['203.0.113.7', 'not an address', false],
  ])('%s holds %s: %s', (block, address, held) => {
    expect(matchAddresses([block])(address)).toBe(held)
  })

  it('throws on what is no address', () => {
    expect(() => matchAddresses(['300.1.1.1'])).toThrow()
  })
})

describe('clientAddress', () => {
  const proxies = matchAddresses(['10.0.0.0/8'])

  it.each([
    ['believes no header from a peer that is no trusted proxy', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['takes the address a trusted proxy names', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['passes over trusted proxies from the right', '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
    [
      'stops at the first address it cannot trust, for what is left of it may be forged',
      '10.0.0.1',
      '1.2.3.4, 198.51.100.1, 10.0.0.2',
      '198.51.100.1',
    ],
    ['stops at nonsense', '10.0.0.1', 'evil, 10.0.0.2', '10.0.0.2'],
    ['reads an IPv4 peer written as IPv6', '0000:0000:0000:0000:0000:ffff:0a00:0001', '203.0.113.9', '203.0.113.9'],
  ])('%s', (_, peer, header, address) => {
    expect(clientAddress(peer, header, proxies)).toBe(address)
  })
})
