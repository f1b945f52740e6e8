import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { prometheusRules } from '../../../../src/processors/alerts/prometheus-rules.js'
import { RULE_NAMES } from '../../../../src/processors/alerts/rules.js'

const root = new URL('../../../../', import.meta.url)

it('deploy/prometheus/alerts.yaml is what the table says (npm run alert-rules writes it)', () => {
  expect(readFileSync(new URL('deploy/prometheus/alerts.yaml', root), 'utf8')).toBe(prometheusRules())
})

it('every rule has a promtool test', () => {
  const tests = readFileSync(new URL('deploy/prometheus/alerts.test.yaml', root), 'utf8')
  for (const name of RULE_NAMES) expect(tests).toContain(`rule: ${name}`)
})
