import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonicalJsonSchema, deliveredEventSchema } from '../../../src/domain/json-schema.js'
import { deliveryBody } from '../../../src/processors/deliver/envelope.js'

const AT = '2026-03-14T17:05:12.000Z'

describe('schemas/canonical-event.json', () => {
  it('is what `npm run schema` writes', () => {
    expect(readFileSync(new URL('../../../schemas/canonical-event.json', import.meta.url), 'utf8')).toBe(
      canonicalJsonSchema(),
    )
  })

  it('has all of the body a client receives, and no more', () => {
    const body = deliveryBody({
      attempt: 2,
      payload: '{"price":7.250}',
      event: {
        v: 1,
        id: 'evt_1',
        type: 'order.created',
        provider: 'careem',
        clientId: 'client_test',
        occurredAt: AT,
        receivedAt: AT,
        dedupeKey: 'k',
        source: { eventType: 'order.created', profile: 'spec', auth: 'hmac' },
        data: {},
      },
    })
    expect(deliveredEventSchema.strict().safeParse(JSON.parse(body)).error).toBeUndefined()
  })
})
