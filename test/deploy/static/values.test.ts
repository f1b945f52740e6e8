import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { environmentSchema, ROLES } from '../../../src/config/config.js'
import { documentedVariables, read, readYaml } from '../support/facts.js'
import { ROOT } from '../support/tools.js'

const CHART = 'helm/orderwire'
const values = readYaml(`${CHART}/values.yaml`)
const templates = readdirSync(join(ROOT, CHART, 'templates'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(yaml|tpl|txt)$/.test(file))
  .map((file) => read(`${CHART}/templates/${file}`))
  .join('\n')

/** Every key that has a comment of its own: those below `resources`, labels and the like are the user's. */
const leaves = [...read(`${CHART}/values.yaml`).matchAll(/^( *)# -- .+\n((?: *#.*\n)*)( *)([A-Za-z_]+):/gm)].map(
  ([, , , , key]) => key ?? '',
)

describe("the chart's values", () => {
  it('are commented, every one', () => {
    const lines = read(`${CHART}/values.yaml`).split('\n')
    const bare = lines.filter(
      (line, index) =>
        /^ *[A-Za-z_]+: ?\S/.test(line) &&
        !/^ *# -- /.test(lines[index - 1] ?? '') &&
        !/^ {6}(requests|limits):/.test(line),
    )
    expect(bare).toEqual([])
    expect(leaves.length).toBeGreaterThan(50)
  })

  it('are used, every one', () => {
    const byName = new Set(Object.keys(values.config))
    expect(leaves.filter((key) => !byName.has(key) && !new RegExp(`\\.${key}\\b|"${key}"`).test(templates))).toEqual([])
  })

  it('are in the schema, every one, and nothing else is', () => {
    const schema = JSON.parse(read(`${CHART}/values.schema.json`))
    expect(compare(values, schema, '')).toEqual([])
  })

  it('know the roles of the program', () => {
    expect(Object.keys(values.roles).sort()).toEqual([...ROLES].sort())
  })

  it('and the configuration reference name the variables that the program reads', () => {
    const variables = Object.keys(environmentSchema.shape).sort()
    // The chart knows each role's port; secrets come from a Secret.
    const required = ['JWT_SECRET', 'ENCRYPTION_KEY', 'NATS_URL', 'MONGODB_URL']
    const byExtraEnv = [
      'SENTRY_DSN',
      'SMTP_URL',
      'ALERT_SLACK_URL',
      'ALERT_WEBHOOK_SECRET',
      'OTEL_EXPORTER_OTLP_HEADERS',
    ]
    const elsewhere = ['PORT', ...required, ...byExtraEnv]
    expect([...Object.keys(values.config), ...elsewhere].sort()).toEqual(variables)
    expect([...documentedVariables()].sort()).toEqual(variables)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: values and their schema, compared key by key
function compare(value: any, schema: any, path: string): readonly string[] {
  if (schema.properties === undefined || schema.additionalProperties !== false) return []
  const open = path.endsWith('.resources') || path.includes('.resources.')
  const known = Object.keys(schema.properties).filter((key) => path !== '' || key !== 'global')
  const missing = open ? [] : known.filter((key) => !(key in value)).map((key) => `${path}.${key} has no value`)
  return [
    ...missing,
    ...Object.keys(value).flatMap((key) =>
      key in schema.properties
        ? compare(value[key], schema.properties[key], `${path}.${key}`)
        : [`${path}.${key} is not in the schema`],
    ),
  ]
}
