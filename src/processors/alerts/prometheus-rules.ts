import { PROMETHEUS_ONLY, type PrometheusRule } from './prometheus-only.js'
import { RULE_NAMES, RULES, type RuleName } from './rules.js'

/** `dead_letters` → `OrderwireDeadLetters`, the alert of the same rule in Prometheus. */
function alertNameOf(name: RuleName): string {
  return `Orderwire${name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`
}

/** Both tables as a Prometheus rules file, which is also the `spec` of a PrometheusRule. */
export function prometheusRules(): string {
  const evaluated = RULE_NAMES.map((name) => {
    const { title, severity, expression, prometheusFor } = RULES[name]
    const labels = `{ severity: ${severity}, rule: ${name} }`
    return write({ alert: alertNameOf(name), severity, expression, for: prometheusFor, summary: title }, labels)
  })
  const operations = PROMETHEUS_ONLY.map((rule) => write(rule, `{ severity: ${rule.severity} }`))
  return `${HEADER}groups:
  # The same rules that orderwire evaluates itself, shows in the dashboard and tells people of.
  - name: orderwire
    rules:
${evaluated.join('')}  # What Prometheus alone can tell.
  - name: orderwire-operations
    rules:
${operations.join('')}`
}

const HEADER = `# Written from src/processors/alerts/ by \`npm run alert-rules\`: change rules.ts or prometheus-only.ts, not this file.
# Every alert of orderwire: compose mounts it, the chart makes a PrometheusRule of it. rules.test.yaml fires and clears each.
`

function write(rule: PrometheusRule, labels: string): string {
  return `      - alert: ${rule.alert}
        expr: ${JSON.stringify(rule.expression)}
        for: ${rule.for}
        labels: ${labels}
        annotations:
          summary: ${JSON.stringify(rule.summary)}
          runbook_url: docs/operations/runbook.md#${rule.alert.toLowerCase()}
`
}
