import type { Alert } from '../../domain/alert.js'
import type { Reading } from './evaluate.js'
import type { RuleName } from './rules.js'

/** What one source can tell now. It rejects while it cannot: its rules then neither fire nor clear. */
export type Source = { readonly rules: readonly RuleName[]; read(nowMs: number): Promise<readonly Reading[]> }

/** What the evaluation needs of the rest of the system. */
export type AlertPorts = {
  /** Takes or renews the one evaluator's lease; false while another holds it. */
  acquireLease(ttlMs: number): Promise<boolean>
  readonly sources: readonly Source[]
  /** Alerts that have not cleared. */
  active(): readonly Alert[]
  /** Resolves when durable; every instance sees it then. */
  save(alert: Alert): Promise<void>
  /** Tells people. Does not wait for them. */
  notify(alert: Alert): void
  now(): Date
}
