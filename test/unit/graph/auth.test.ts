import { describe, expect, it } from 'vitest'
import { createAuthenticator, ownedBy, requireRole, scopeClient, signToken } from '../../../src/graph/auth.js'

const SECRET = 'a-secret-of-the-tests-0123456789-0123456789'
const SIGNED_AT = new Date('2026-03-14T17:00:00.000Z')
const at = (seconds: number) =>
  createAuthenticator({ secret: SECRET, now: () => new Date(SIGNED_AT.getTime() + seconds * 1_000) })
const sign = (viewer: Parameters<typeof signToken>[1]) => signToken(SECRET, viewer, { ttlSeconds: 60, now: SIGNED_AT })

describe('a token', () => {
  it('says who calls, and until when', async () => {
    const viewer = await at(0)(`Bearer ${await sign({ role: 'operator', client: 'c1' })}`)
    expect(viewer).toEqual({ role: 'operator', client: 'c1', expiresAtMs: SIGNED_AT.getTime() + 60_000 })
  })

  it('is taken up to five seconds after it ends, for clocks that differ', async () => {
    await expect(at(64)(await sign({ role: 'admin' }))).resolves.toMatchObject({ role: 'admin' })
    await expect(at(66)(await sign({ role: 'admin' }))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('a role', () => {
  it('may do what the lower ones may', () => {
    expect(() => requireRole({ role: 'admin' }, 'operator')).not.toThrow()
    expect(() => requireRole({ role: 'operator' }, 'operator')).not.toThrow()
  })

  it('may not do what a higher one may', () => {
    expect(() => requireRole({ role: 'viewer' }, 'operator')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  })
})

describe('a token of one client', () => {
  const viewer = { role: 'admin', client: 'mine' } as const

  it('asks about that client where it names none', () => {
    expect(scopeClient(viewer, undefined)).toBe('mine')
  })

  it('does not find another client, nor what is theirs', () => {
    expect(() => scopeClient(viewer, 'theirs')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(() => ownedBy(viewer, { clientId: 'theirs' }, 'log')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })
})
