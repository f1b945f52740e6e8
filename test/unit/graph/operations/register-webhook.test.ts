import { describe, expect, it } from 'vitest'
import { clientSettingsSchema } from '../../../../src/domain/client.js'
import { registerWebhook } from '../../../../src/graph/operations/register-webhook.js'
import { aCaller, aClient, createMemoryPorts } from '../../../support/memory-ports.js'

const ADMIN = aCaller('admin')
const INPUT = { clientId: 'c1', provider: 'careem', url: 'https://pos.example.com/hook', events: ['order.created'] }
const defaults = clientSettingsSchema.parse({ retryPolicy: { maxRetries: 7 } })

function setUp() {
  const memory = createMemoryPorts()
  const register = (input: unknown) =>
    registerWebhook(ADMIN, input, { ports: memory.ports, baseUrl: 'https://gateway.example.com', defaults })
  return { memory, register }
}

describe('registering', () => {
  it('makes the client with the settings clients start with, and puts it in force', async () => {
    const { memory, register } = setUp()
    const { webhook, url } = await register(INPUT)
    expect(url).toBe('https://gateway.example.com/webhooks/careem/c1')
    expect(memory.clients.get('c1')).toMatchObject({ version: 1, settings: defaults, webhooks: [{ id: webhook.id }] })
    expect(memory.distributed).toEqual([memory.clients.get('c1')])
  })

  it('makes the secrets both sides need', async () => {
    const { webhook } = await setUp().register(INPUT)
    expect(webhook.credentials.secretKey).toMatch(/^[0-9a-f]{64}$/)
    expect(webhook.credentials.apiKey).toMatch(/^[0-9a-f]{64}$/)
    expect(Buffer.from(webhook.signingSecret.replace('whsec_', ''), 'base64')).toHaveLength(32)
  })

  it('takes the secret it is given, and makes no apiKey where the platform has none', async () => {
    const { webhook } = await setUp().register({ ...INPUT, provider: 'talabat', secretKey: 'given-secret' })
    expect(webhook.credentials).toEqual({ secretKey: 'given-secret' })
  })

  it('adds to what the client has registered', async () => {
    const { memory, register } = setUp()
    await register(INPUT)
    await register({ ...INPUT, provider: 'jahez' })
    expect(memory.clients.get('c1')?.webhooks.map(({ provider }) => provider)).toEqual(['careem', 'jahez'])
  })

  it('starts over when somebody else wrote in between, and loses neither', async () => {
    const memory = createMemoryPorts()
    let raced = false
    const ports = {
      ...memory.ports,
      clients: {
        ...memory.ports.clients,
        saveClient: async (...args: Parameters<typeof memory.ports.clients.saveClient>) => {
          if (!raced) memory.clients.set('c1', aClient('c1'))
          raced = true
          return memory.ports.clients.saveClient(...args)
        },
      },
    }
    const { webhook } = await registerWebhook(ADMIN, INPUT, { ports, baseUrl: '', defaults })
    expect(memory.clients.get('c1')?.webhooks.map(({ id }) => id)).toEqual(['wh_c1', webhook.id])
  })
})

it.each([
  ['no clientId', { clientId: undefined }],
  ['a clientId that is no token', { clientId: 'a.b>*' }],
  ['an unknown provider', { provider: 'nobody' }],
  ['a profile the provider does not have', { provider: 'uber-eats', profile: 'spec' }],
  ['no URL', { url: 'somewhere' }],
  ['another protocol', { url: 'ftp://pos.example.com/' }],
  ['a script', { url: 'javascript:alert(1)' }],
  ['credentials in the URL', { url: 'https://user:pass@pos.example.com/' }],
  ['no events', { events: [] }],
  ['51 events', { events: Array.from({ length: 51 }, (_, n) => `e${n}`) }],
  ['an event that is no text', { events: [1] }],
  ['a short secret', { secretKey: '1234567' }],
  ['a secret that is no text', { secretKey: { $ne: null } }],
])('registering with %s is refused, and stores nothing', async (_, changes) => {
  const { memory, register } = setUp()
  await expect(register({ ...INPUT, ...changes })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  expect(memory.clients.size).toBe(0)
})
