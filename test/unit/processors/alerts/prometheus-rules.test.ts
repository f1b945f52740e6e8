import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { prometheusRules } from '../../../../src/processors/alerts/prometheus-rules.js'

const root = new URL('../../../../', import.meta.url)

it('deploy/prometheus/rules.yaml is what the tables say (npm run alert-rules writes it)', () => {
  expect(readFileSync(new URL('deploy/prometheus/rules.yaml', root), 'utf8')).toBe(prometheusRules())
})

it('every alert has its own name', () => {
  const names = [...prometheusRules().matchAll(/- alert: (\S+)/g)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(20)
  expect(new Set(names).size).toBe(names.length)
})
