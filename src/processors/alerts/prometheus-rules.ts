import { RULE_NAMES, RULES } from './rules.js'

/** The table as a Prometheus rules file (also the `groups` of a PrometheusRule). */
export function prometheusRules(): string {
  const rules = RULE_NAMES.map((name) => {
    const { title, severity, expression, prometheusFor } = RULES[name]
    return [
      `      - alert: OrderwireAlert${name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
      `        expr: ${JSON.stringify(expression)}`,
      `        for: ${prometheusFor}`,
      `        labels: { severity: ${severity}, rule: ${name} }`,
      `        annotations: { summary: ${JSON.stringify(title)} }`,
    ].join('\n')
  })
  return `# Written from src/processors/alerts/rules.ts by \`npm run alert-rules\`: change it there.\ngroups:\n  - name: orderwire-alerts\n    rules:\n${rules.join('\n')}\n`
}
