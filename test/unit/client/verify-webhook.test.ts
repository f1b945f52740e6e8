import { describe, expect, it } from 'vitest'
import { verifyWebhook, WebhookVerificationError } from '../../../clients/typescript/src/index.js'
import { signDelivery } from '../../../src/processors/deliver/sign.js'

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`
const NOW = new Date('2026-03-14T17:05:12.000Z')
const BODY = '{"id":"evt_1","type":"order.created","price":64.0}'
const signed = (changes: Record<string, string> = {}) => ({
  ...signDelivery([SECRET], { id: 'evt_1', body: BODY, at: NOW }),
  ...changes,
})
const verify = (options: Partial<Parameters<typeof verifyWebhook>[0]> = {}) =>
  verifyWebhook({ body: BODY, headers: signed(), secret: SECRET, now: NOW, ...options })

describe('verifyWebhook', () => {
  it('believes what orderwire signed, whatever holds the headers', async () => {
    expect(await verify()).toMatchObject({ id: 'evt_1', type: 'order.created' })
    expect(await verify({ headers: new Headers(signed()) })).toMatchObject({ id: 'evt_1' })
  })

  it('believes one good signature among several, as there are while a secret changes', async () => {
    const good = signed()['webhook-signature']
    expect(await verify({ headers: signed({ 'webhook-signature': `v1,AAAA v2,x ${good}` }) })).toMatchObject({
      id: 'evt_1',
    })
  })

  it.each([
    ['a changed body', { body: BODY.replace('64.0', '1.0') }],
    ['another secret', { secret: `whsec_${Buffer.from('another secret of 32 bytes .....').toString('base64')}` }],
    ['another id', { headers: signed({ 'webhook-id': 'evt_2' }) }],
    ['an old delivery', { now: new Date(NOW.getTime() + 301_000) }],
    ['one from the future', { now: new Date(NOW.getTime() - 301_000) }],
    ['no signature', { headers: { 'webhook-id': 'evt_1', 'webhook-timestamp': '1' } }],
    ['a signature that is no base64', { headers: signed({ 'webhook-signature': 'v1,%%%' }) }],
  ])('does not believe %s', async (_, options) => {
    await expect(verify(options)).rejects.toBeInstanceOf(WebhookVerificationError)
  })
})
