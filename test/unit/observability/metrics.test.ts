import { expect, it } from 'vitest'
import { createMetrics } from '../../../src/observability/metrics.js'

it('what the streams know is not said to be 0 before they were asked, and is what they say, however often', async () => {
  const metrics = createMetrics()
  const lines = async (): Promise<readonly string[]> =>
    (await metrics.expose()).text.split('\n').filter((line) => /^orderwire_(dead_letters|overdue_retries)/.test(line))
  expect(await lines()).toEqual([])
  for (let scrapes = 0; scrapes < 2; scrapes += 1) metrics.setDeadLetters(3, 41)
  metrics.setOverdueRetries(0)
  expect(await lines()).toEqual([
    'orderwire_dead_letters 3',
    'orderwire_dead_letters_total 41',
    'orderwire_overdue_retries 0',
  ])
})

it('clients beyond the first hundred share a label', async () => {
  const metrics = createMetrics()
  for (let client = 0; client < 150; client += 1)
    metrics.answered({ provider: 'careem', clientId: `c${client}`, status: 200, durationMs: 1 })
  const { text } = await metrics.expose()
  const labels = [...text.matchAll(/^webhook_requests_total\{.*client_id="([^"]+)".*\} (\d+)$/gm)]
  expect(labels).toHaveLength(101)
  expect(labels.find(([, client]) => client === 'other')?.[2]).toBe('50')
})
