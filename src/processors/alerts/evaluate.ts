import { type Alert, alertIdOf } from '../../domain/alert.js'
import { RULE_NAMES, RULES, type Rule, type RuleName } from './rules.js'

/** One value of one rule now. `subject` is empty where the rule is about the whole installation. */
export type Reading = {
  readonly rule: RuleName
  readonly subject: string
  /** What people call the subject, where it is an id. */
  readonly called?: string
  readonly clientId: string | null
  readonly value: number
}

/** What is remembered between two looks: since when a reading has been beyond the line it must cross to change anything. */
export type Crossings = ReadonlyMap<string, number>

export type Evaluation = {
  readonly fired: readonly Alert[]
  readonly resolved: readonly Alert[]
  readonly crossings: Crossings
}

/**
 * What changes, of the alerts that are active, by the readings of `measured` rules (one that could not be measured says
 * nothing). Pure: the same look twice changes nothing.
 */
export function evaluate(look: {
  readonly active: readonly Alert[]
  readonly readings: readonly Reading[]
  readonly measured: ReadonlySet<RuleName>
  readonly crossings: Crossings
  readonly nowMs: number
}): Evaluation {
  const crossings = new Map<string, number>()
  const fired: Alert[] = []
  const resolved: Alert[] = []
  for (const name of RULE_NAMES.filter((each) => look.measured.has(each))) {
    const rule = RULES[name]
    const readings = new Map(
      look.readings.filter((reading) => reading.rule === name).map((each) => [each.subject, each]),
    )
    const active = new Map(look.active.filter((alert) => alert.rule === name).map((alert) => [alert.subject, alert]))
    const hasLasted = (subject: string, forMs: number): boolean => {
      const key = `${name} ${subject}`
      const since = look.crossings.get(key) ?? look.nowMs
      crossings.set(key, since)
      return look.nowMs - since >= forMs
    }
    for (const [subject, reading] of readings) {
      if (active.has(subject) || reading.value <= rule.threshold) continue
      if (hasLasted(subject, rule.forMs)) fired.push(toAlert(name, rule, reading, look.nowMs))
    }
    for (const [subject, alert] of active) {
      if (!isClear(rule, readings.get(subject)) || !hasLasted(subject, rule.clearForMs)) continue
      resolved.push({ ...alert, resolvedAt: new Date(look.nowMs).toISOString() })
    }
  }
  for (const { rule, subject } of [...fired, ...resolved]) crossings.delete(`${rule} ${subject}`)
  return { fired, resolved, crossings }
}

function isClear(rule: Rule, reading: Reading | undefined): boolean {
  return reading === undefined ? rule.absent === 'clears' : reading.value < rule.clearBelow
}

function toAlert(
  name: RuleName,
  rule: Rule,
  { subject, called = subject, clientId, value }: Reading,
  nowMs: number,
): Alert {
  const firedAt = new Date(nowMs).toISOString()
  return {
    v: 1,
    id: alertIdOf(name, subject, firedAt),
    rule: name,
    severity: rule.severity,
    title: rule.title,
    message: rule.describe(value, called),
    subject,
    clientId,
    value,
    threshold: rule.threshold,
    firedAt,
    resolvedAt: null,
  }
}
