import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { Link } from 'wouter'
import { HealthDocument, RetryStatsDocument } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useFeed, useRates } from '../../live/use-feed'
import { useText } from '../../text/text'
import { judge, type Verdict } from './judge'

const ASK_MS = 5_000
const ICONS = { good: CircleCheck, warn: TriangleAlert, bad: CircleAlert } as const

/** The one line an operator reads first: do orders flow, what is wrong, what to click. */
export function VerdictLine() {
  const text = useText()
  const health = useApi(HealthDocument, { variables: {}, everyMs: ASK_MS })
  const retries = useApi(RetryStatsDocument, { variables: {}, everyMs: ASK_MS })
  const feed = useFeed()
  const seconds = useRates()
  const verdict: Verdict = judge({
    health: health.isError ? 'unreachable' : health.data?.health,
    overdue: retries.data?.retryStats.overdue ?? 0,
    dead: retries.data?.retryStats.dead ?? 0,
    seconds,
    // Looked at once a second, with the rates: rows change more often.
    rows: feed.snapshot().rows,
  })
  const Icon = ICONS[verdict.tone]
  return (
    <section className="verdict" data-tone={verdict.tone} aria-live="polite">
      <Icon size={20} aria-hidden="true" />
      <div>
        <strong>{text.t(verdict.title, { count: verdict.count })}</strong>
        <span>
          {text.t(verdict.detail, {
            count: verdict.count,
            share: text.percent(verdict.share),
            client: verdict.client,
          })}
        </span>
      </div>
      {verdict.action && (
        <Link href={verdict.action.href} className="button">
          {text.t(verdict.action.title)}
        </Link>
      )}
    </section>
  )
}
