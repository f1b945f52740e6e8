import type { EventsSubscription, LogRowFragment, LogStage, ProviderName } from '../api/generated'

export type LiveEvent = EventsSubscription['events']

/** One event as the live list shows it: every fact about it folds into its row. */
export type LiveRow = {
  readonly id: string
  /** When it was first heard of, ms since 1970. */
  readonly at: number
  readonly provider: ProviderName
  readonly clientId: string
  readonly event: string
  readonly type: string | null
  readonly stage: LogStage
  readonly attempt: number | null
  readonly statusCode: number | null
  readonly responseTime: number | null
  readonly duplicates: number
  readonly error: string | null
  /** Where it stands with each registration it went to. */
  readonly byWebhook: Readonly<Record<string, LogStage>>
}

/** The worst of what became of an event's deliveries is what people must see. */
const WORST_FIRST: readonly LogStage[] = ['DEAD', 'RETRYING', 'DELIVERING', 'DELIVERED']

/** The row after one more fact. */
export function foldRow(row: LiveRow | undefined, fact: LiveEvent): LiveRow {
  const before = row ?? firstRow(fact)
  switch (fact.kind) {
    case 'DUPLICATE':
      return { ...before, duplicates: before.duplicates + 1 }
    case 'DISPATCHED':
      return {
        ...before,
        type: fact.type,
        stage: Object.keys(before.byWebhook).length > 0 ? before.stage : fact.stage,
      }
    case 'REJECTED':
      return { ...before, stage: 'REJECTED', statusCode: fact.statusCode, error: fact.error }
    case 'ATTEMPTED': {
      const byWebhook =
        fact.webhookId === null ? before.byWebhook : { ...before.byWebhook, [fact.webhookId]: fact.stage }
      const stages = Object.values(byWebhook)
      return {
        ...before,
        byWebhook,
        stage: WORST_FIRST.find((stage) => stages.includes(stage)) ?? fact.stage,
        attempt: fact.attempt,
        statusCode: fact.statusCode,
        responseTime: fact.responseTime,
        error: fact.error,
      }
    }
  }
}

function firstRow(fact: LiveEvent): LiveRow {
  return {
    id: fact.eventId,
    at: Date.parse(fact.at),
    provider: fact.provider,
    clientId: fact.clientId,
    event: fact.event,
    type: fact.type,
    stage: fact.stage,
    attempt: null,
    statusCode: null,
    responseTime: null,
    duplicates: 0,
    error: null,
    byWebhook: {},
  }
}

/** A kept log as a row: what the list starts with. */
export function rowOfLog(log: LogRowFragment): LiveRow {
  const last = log.attempts.at(-1)
  return {
    id: log.id,
    at: Date.parse(log.timestamp),
    provider: log.provider,
    clientId: log.clientId,
    event: log.event,
    type: log.type,
    stage: log.stage,
    attempt: last?.attempt ?? null,
    statusCode: last?.statusCode ?? null,
    responseTime: log.responseTime,
    duplicates: log.duplicates,
    error: log.error,
    byWebhook: {},
  }
}

export type RowFilter = {
  readonly provider: ProviderName | ''
  readonly stage: LogStage | ''
  /** Part of a client's name, an event's name, an error or an id. */
  readonly text: string
}

export const NO_FILTER: RowFilter = { provider: '', stage: '', text: '' }

export function fits(row: LiveRow, { provider, stage, text }: RowFilter): boolean {
  if (provider !== '' && row.provider !== provider) return false
  if (stage !== '' && row.stage !== stage) return false
  if (text === '') return true
  const wanted = text.toLowerCase()
  return [row.clientId, row.event, row.type, row.error, row.id].some((each) => each?.toLowerCase().includes(wanted))
}
