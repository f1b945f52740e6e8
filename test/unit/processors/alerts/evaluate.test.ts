import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../src/domain/alert.js'
import { type Crossings, evaluate, type Reading } from '../../../../src/processors/alerts/evaluate.js'
import { RULE_NAMES, RULES, type RuleName } from '../../../../src/processors/alerts/rules.js'

const START = Date.parse('2026-03-14T12:00:00.000Z')

/** Looks one after another, as the processor makes them. */
function watcher(measured: readonly RuleName[] = RULE_NAMES) {
  const alerts = new Map<string, Alert>()
  let crossings: Crossings = new Map()
  const active = () => [...alerts.values()].filter(({ resolvedAt }) => resolvedAt === null)
  return {
    active,
    look: (afterMs: number, readings: readonly Reading[]) => {
      const nowMs = START + afterMs
      const result = evaluate({ active: active(), readings, measured: new Set(measured), crossings, nowMs })
      crossings = result.crossings
      for (const alert of [...result.fired, ...result.resolved]) alerts.set(alert.id, alert)
      return { fired: result.fired.map(({ rule }) => rule), resolved: result.resolved.map(({ rule }) => rule) }
    },
  }
}

const reading = (rule: RuleName, value: number, subject = ''): Reading => ({ rule, subject, clientId: null, value })
const NOTHING = { fired: [], resolved: [] }

describe.each(RULE_NAMES)('the rule %s', (name) => {
  const rule = RULES[name]
  const above = Math.max(rule.clearBelow, rule.threshold * 1.01)
  const between = (rule.threshold + rule.clearBelow) / 2
  const below = rule.clearBelow - Math.max(0.01, rule.clearBelow * 0.01)

  it('fires once it has been above its threshold for its time, once, and clears once it has been below for its time', () => {
    const { look, active } = watcher()
    expect(look(0, [reading(name, rule.threshold)])).toEqual(NOTHING)
    if (rule.forMs > 0) expect(look(1_000, [reading(name, above)])).toEqual(NOTHING)
    expect(look(1_000 + rule.forMs, [reading(name, above)])).toEqual({ fired: [name], resolved: [] })
    expect(active()[0]?.message).not.toMatch(/NaN|undefined/)
    const at = 2_000 + rule.forMs
    expect(look(at, [reading(name, above)])).toEqual(NOTHING)
    if (rule.clearForMs > 0) expect(look(at, [reading(name, below)])).toEqual(NOTHING)
    expect(look(at + rule.clearForMs, [reading(name, below)])).toEqual({ fired: [], resolved: [name] })
    expect(active()).toEqual([])
  })

  it('neither fires nor clears between the two lines', () => {
    if (rule.clearBelow > rule.threshold) return expect(rule.clearBelow).toBe(1)
    const { look } = watcher()
    expect(look(0, [reading(name, between)])).toEqual(NOTHING)
    look(0, [reading(name, above)])
    look(rule.forMs, [reading(name, above)])
    expect(look(rule.forMs + 3_600_000, [reading(name, between)])).toEqual(NOTHING)
    expect(look(rule.forMs + 7_200_000, [reading(name, between)])).toEqual(NOTHING)
  })

  it('starts its time anew when the value comes back in between', () => {
    if (rule.forMs === 0) return expect(rule.forMs).toBe(0)
    const { look } = watcher()
    look(0, [reading(name, above)])
    look(rule.forMs - 1, [reading(name, rule.threshold)])
    expect(look(rule.forMs, [reading(name, above)])).toEqual(NOTHING)
  })

  it('stays as it is while it cannot be measured', () => {
    const { look } = watcher()
    look(0, [reading(name, above)])
    look(rule.forMs, [reading(name, above)])
    const blind = evaluate({ active: [], readings: [], measured: new Set(), crossings: new Map(), nowMs: START })
    expect(blind).toEqual({ fired: [], resolved: [], crossings: new Map() })
  })
})

describe('what an alert says', () => {
  it('counts one as one', () => {
    const { look, active } = watcher()
    look(0, [reading('dead_letters', 1), reading('orders_at_risk', 2, 'olive-oven')])
    expect(active().map(({ message }) => message)).toEqual([
      '1 delivery was given up since the last look',
      '2 orders of olive-oven not accepted: within a minute of the deadline, or past it',
    ])
  })

  it('names its subject as people do, and is about the same one', () => {
    const { look, active } = watcher()
    look(0, [{ ...reading('endpoint_failing', 0.9, 'wh_1'), called: 'olive-oven (jahez)' }])
    expect(active()[0]).toMatchObject({
      subject: 'wh_1',
      message: '90 % of the last attempts to reach olive-oven (jahez) failed (limit 50 %)',
    })
  })
})

describe('alerts', () => {
  it('are apart for each subject', () => {
    const { look, active } = watcher()
    look(0, [reading('endpoint_failing', 0.9, 'wh_1'), reading('endpoint_failing', 0.9, 'wh_2')])
    expect(active()).toHaveLength(2)
    look(0, [reading('endpoint_failing', 0.1, 'wh_1'), reading('endpoint_failing', 0.9, 'wh_2')])
    look(60_000, [reading('endpoint_failing', 0.1, 'wh_1'), reading('endpoint_failing', 0.9, 'wh_2')])
    expect(active().map(({ subject }) => subject)).toEqual(['wh_2'])
  })

  it('of an endpoint nobody sends to any more stay, of orders that are gone clear', () => {
    const { look, active } = watcher()
    look(0, [reading('endpoint_failing', 0.9, 'wh_1'), reading('orders_at_risk', 2, 'c')])
    look(1_000, [])
    look(600_000, [])
    expect(active().map(({ rule }) => rule)).toEqual(['endpoint_failing'])
  })
})
