import { attemptsOf, type Second, sum } from '../../live/rates'
import type { LiveRow } from '../../live/rows'
import type { TextKey } from '../../text/en'

export type Verdict = {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly title: TextKey
  readonly detail: TextKey
  readonly count: number
  /** Of attempts: delivered where all is well, failed where it is not. */
  readonly share: number
  readonly client: string
  readonly action?: { readonly href: string; readonly title: TextKey }
}

type Health = { readonly database: string; readonly nats: string }

/** From this share of failed attempts on, deliveries count as failing. */
const FAILING_SHARE = 0.25
/** Fewer attempts than this say nothing about a share. */
const FEWEST_ATTEMPTS = 5
const MINUTE_SECONDS = 60

const SHOW_DEAD = { href: '/retries', title: 'verdict.showDead' } as const
const SHOW_RETRIES = { href: '/retries', title: 'verdict.showRetries' } as const

/** What is to be said of the installation now: the worst thing first. */
export function judge(known: {
  readonly health: Health | 'unreachable' | undefined
  readonly overdue: number
  /** Events that stand as given up, whenever that was. */
  readonly dead: number
  /** The last five minutes, oldest first. */
  readonly seconds: readonly Second[]
  readonly rows: readonly LiveRow[]
}): Verdict {
  const { health, overdue, dead, seconds, rows } = known
  const window = sum(seconds)
  const { attempts, failed, deliveredShare } = attemptsOf(window)
  const verdict = { count: 0, share: 0, client: '' }
  if (health === 'unreachable')
    return { ...verdict, tone: 'bad', title: 'verdict.unreachable', detail: 'verdict.unreachableDetail' }
  if (health !== undefined && health.nats !== 'up')
    return { ...verdict, tone: 'bad', title: 'verdict.nats', detail: 'verdict.natsDetail' }
  if (attempts >= FEWEST_ATTEMPTS && failed / attempts >= FAILING_SHARE)
    return {
      tone: 'bad',
      title: 'verdict.failing',
      detail: 'verdict.failingDetail',
      count: failed,
      share: failed / attempts,
      client: mostFailing(rows),
      action: SHOW_RETRIES,
    }
  if (overdue > 0)
    return {
      ...verdict,
      tone: 'bad',
      title: 'verdict.overdue',
      detail: 'verdict.overdueDetail',
      count: overdue,
      action: SHOW_RETRIES,
    }
  if (health !== undefined && health.database !== 'up')
    return { ...verdict, tone: 'warn', title: 'verdict.database', detail: 'verdict.databaseDetail' }
  if (window.dead > 0 && dead > 0)
    return {
      ...verdict,
      tone: 'warn',
      title: 'verdict.dead',
      detail: 'verdict.deadDetail',
      count: dead,
      action: SHOW_DEAD,
    }
  if (window.accepted + window.rejected + attempts === 0)
    return { ...verdict, tone: 'good', title: 'verdict.quiet', detail: 'verdict.quietDetail' }
  return {
    tone: 'good',
    title: 'verdict.flowing',
    detail: deliveredShare === null ? 'verdict.flowingUntried' : 'verdict.flowingDetail',
    count: Math.round(sum(seconds.slice(-MINUTE_SECONDS)).accepted),
    share: deliveredShare ?? 0,
    client: '',
  }
}

/** The client with the most rows that are not delivered. */
function mostFailing(rows: readonly LiveRow[]): string {
  const counts = new Map<string, number>()
  for (const { clientId, stage } of rows)
    if (stage === 'RETRYING' || stage === 'DEAD') counts.set(clientId, (counts.get(clientId) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '–'
}
