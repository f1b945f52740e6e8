import { describe, expect, it } from 'vitest'
import { createSealer, SealError } from '../../../src/lib/seal.js'
import { createBell, pause } from '../../../src/lib/wait.js'

describe('a sealed secret', () => {
  const sealer = createSealer('an-encryption-key-of-some-length-0123')

  it('opens with the same key and context, and never looks the same twice', () => {
    const sealed = sealer.seal('شيش', 'wh_1/secretKey')
    expect(sealed).toMatch(/^v1\.[\w-]+$/)
    expect(sealer.open(sealed, 'wh_1/secretKey')).toBe('شيش')
    expect(sealer.seal('شيش', 'wh_1/secretKey')).not.toBe(sealed)
  })

  it('does not open for another context, with another key, or changed by one character', () => {
    const sealed = sealer.seal('secret', 'a')
    expect(() => sealer.open(sealed, 'b')).toThrow(SealError)
    expect(() => createSealer('another-key-of-some-length-0123456789').open(sealed, 'a')).toThrow(SealError)
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1)
      expect(() => sealer.open(changed, 'a')).toThrow(SealError)
    }
    for (const garbage of ['', 'v1.', 'v2.abc', 'secret', `${sealed}=`, `${sealed}.x`, `${sealed} `])
      expect(() => sealer.open(garbage, 'a')).toThrow(SealError)
  })
})

describe('waiting', () => {
  it('ends with its signal', async () => {
    const stopping = new AbortController()
    const waiting = pause(60_000, stopping.signal)
    stopping.abort()
    await waiting
    await pause(60_000, stopping.signal)
    expect(stopping.signal.aborted).toBe(true)
  })

  it('remembers a ring nobody waited for, once', async () => {
    const bell = createBell()
    bell.ring()
    await bell.wait()
    const startedAt = performance.now()
    await bell.wait(undefined, 30)
    expect(performance.now() - startedAt).toBeGreaterThan(20)
  })
})
