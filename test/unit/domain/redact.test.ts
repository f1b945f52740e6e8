import { describe, expect, it } from 'vitest'
import { redactPaths } from '../../../src/domain/redact.js'

describe('redaction', () => {
  it('takes out what stands at a path, and nothing else', () => {
    const order = { id: 'o', customer: { name: 'A', phone: '1' }, address: { text: 'x', lat: 1 }, note: null }
    expect(redactPaths(order, ['customer.name', 'address', 'nowhere.at.all'])).toEqual({
      id: 'o',
      customer: { name: null, phone: '1' },
      address: null,
      note: null,
    })
    expect(redactPaths(order, ['nowhere'])).toBe(order)
  })
})
