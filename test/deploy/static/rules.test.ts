import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../src/observability/metrics.js'
import { read, readYaml } from '../support/facts.js'
import { runTool, withFile } from '../support/run-tool.js'
import { ROOT } from '../support/tools.js'

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: { readonly runbook_url: string } }
const FILE = 'deploy/prometheus/rules.yaml'
const rules: readonly Rule[] = readYaml(FILE).groups.flatMap(({ rules }: { rules: Rule[] }) => rules)
const check = (content: string) =>
  withFile('rules.yaml', content, (path) => runTool('promtool', ['check', 'rules', path]))
const SUFFIXES = /_(bucket|sum|count)$/

describe('the alert rules', () => {
  it('are valid, and not when one is broken', () => {
    expect(check(read(FILE))).toMatchObject({ ok: true })
    expect(check(read(FILE).replace('histogram_quantile(0.99, ', 'histogram_quantile(')).ok).toBe(false)
  })

  it('fire on what they are for, and stay quiet on a healthy installation', () => {
    const { ok, output } = runTool('promtool', ['test', 'rules', 'deploy/prometheus/rules.test.yaml'])
    expect(ok, output).toBe(true)
  })

  it.each(rules)('$alert is tested and has its section in the runbook', ({ alert, annotations }) => {
    expect(read('deploy/prometheus/rules.test.yaml').split(`alertname: ${alert},`)).toHaveLength(2)
    expect(read('deploy/prometheus/rules.test.yaml')).toContain(`alertname="${alert}"`)
    expect(annotations.runbook_url).toBe(`docs/operations/runbook.md#${alert.toLowerCase()}`)
    expect(read('docs/operations/runbook.md')).toMatch(new RegExp(`^## ${alert}$`, 'm'))
  })

  it('and the dashboard ask only for metrics that exist', async () => {
    const { text } = await createMetrics().expose()
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ''))
    known.add('up')
    const dashboard = JSON.parse(readFileSync(`${ROOT}deploy/grafana/dashboards/orderwire.json`, 'utf8'))
    const expressions: string[] = [
      ...rules.map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr)),
    ]
    const asked = new Set(
      expressions.flatMap((expr) => expr.match(/\b(up|webhook|orderwire|nodejs|process)(_\w+)?(?=[{[)])/g) ?? []),
    )
    expect(asked.size).toBeGreaterThan(8)
    for (const name of asked)
      expect([name, known.has(name) || known.has(name.replace(SUFFIXES, ''))]).toEqual([name, true])
  })

  it('are read by a Prometheus configuration that is valid', () => {
    expect(
      runTool('promtool', ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yaml']),
    ).toMatchObject({ ok: true })
  })
})
