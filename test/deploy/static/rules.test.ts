import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createMetrics } from '../../../src/observability/metrics.js'
import { read, readYaml } from '../support/facts.js'
import { runTool, withFile } from '../support/run-tool.js'
import { ROOT } from '../support/tools.js'

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: { readonly runbook_url: string } }
type RuleTest = {
  readonly name: string
  readonly promql_expr_test: readonly { readonly exp_samples: readonly { readonly labels: string }[] }[]
}
const FILE = 'deploy/prometheus/rules.yaml'
const TESTS = 'deploy/prometheus/rules.test.yaml'
const rules: readonly Rule[] = readYaml(FILE).groups.flatMap(({ rules }: { rules: Rule[] }) => rules)
const tests: readonly RuleTest[] = readYaml(TESTS).tests
const check = (content: string) =>
  withFile('rules.yaml', content, (path) => runTool('promtool', ['check', 'rules', path]))
const SUFFIXES = /_(bucket|sum|count)$/

describe('the alert rules', () => {
  it('are valid, and not when one is broken', () => {
    expect(check(read(FILE))).toMatchObject({ ok: true })
    expect(check(read(FILE).replace('histogram_quantile(0.99, ', 'histogram_quantile(')).ok).toBe(false)
  })

  it('fire on what they are for, clear when it ends, and stay quiet on a healthy installation', () => {
    const { ok, output } = runTool('promtool', ['test', 'rules', TESTS])
    expect(ok, output).toBe(true)
  })

  it.each([
    ['one never fires', 'max(orderwire_overdue_retries) > 0', 'max(orderwire_overdue_retries) > 9'],
    ['one never clears', 'max(orderwire_overdue_retries) > 0', 'max(orderwire_overdue_retries) >= 0'],
  ])('would not pass their tests when %s', (_, right, wrong) => {
    const broken = read(FILE).replace(right, wrong)
    expect(broken).not.toBe(read(FILE))
    const own = tests.filter(({ name }) => name === 'OrderwireOverdueRetries')
    const { ok, output } = withFile('rules.yaml', broken, (path) =>
      withFile('rules.test.yaml', stringify({ rule_files: [path], tests: own }), (file) =>
        runTool('promtool', ['test', 'rules', file]),
      ),
    )
    expect(ok).toBe(false)
    expect(output).toContain('OrderwireOverdueRetries')
  })

  it.each(rules)('$alert is fired, cleared, and has its section in the runbook', ({ alert, annotations }) => {
    const own = tests.filter(({ name }) => name === alert)
    expect(own).toHaveLength(1)
    const [firing, cleared] = own[0]?.promql_expr_test ?? []
    expect(firing?.exp_samples.map(({ labels }) => labels).join()).toContain(
      `alertname="${alert}", alertstate="firing"`,
    )
    expect(cleared).toMatchObject({ expr: 'ALERTS', exp_samples: [] })
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

  it('stand on metrics that promtool finds nothing wrong with, and it would tell of a counter without _total', async () => {
    const metrics = createMetrics()
    metrics.answered({ provider: 'careem', clientId: 'c', status: 200, durationMs: 3 })
    metrics.committed(3, 2)
    metrics.attempted({ provider: 'careem', result: 'delivered', trigger: 'automatic', durationMs: 5 })
    metrics.delivered('careem', 50)
    metrics.held('order')
    metrics.swept({ logs: 1 }, { logs: 0 })
    metrics.setQueueDepth('deliver', 1)
    metrics.setDeadLetters(1, 2)
    metrics.setActiveAlerts('cpu_usage', 'critical', 0)
    const { text } = await metrics.expose()
    const linted = (input: string) => runTool('promtool', ['check', 'metrics'], { input })
    expect(linted(text)).toEqual({ ok: true, output: '' })
    expect(linted(text.replaceAll('webhook_requests_total', 'webhook_requests')).ok).toBe(false)
  })

  it('are read by a Prometheus configuration that is valid', () => {
    expect(
      runTool('promtool', ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yaml']),
    ).toMatchObject({ ok: true })
  })
})
