import { useNow } from '../../live/use-feed'
import { useText } from '../../text/text'
import { providerTitle } from '../../ui/parts'
import type { EventLog } from './event-drawer'

type Attempt = EventLog['attempts'][number]

const TONES: Readonly<Record<string, 'good' | 'warn' | 'bad'>> = { delivered: 'good', retrying: 'warn', dead: 'bad' }

/** What happened to an event, in order; the last line says when the next attempt is due. */
export function Timeline({ log }: { readonly log: EventLog }) {
  const { t, time, span } = useText()
  const now = useNow()
  const next = log.stage === 'RETRYING' ? log.attempts.at(-1)?.nextAttemptAt : undefined
  const isNowhere = log.stage === 'DISPATCHED'
  return (
    <ol className="timeline">
      <li data-tone="calm">
        <time dateTime={log.timestamp}>{time(log.timestamp)}</time>
        <strong>{t('event.received', { provider: providerTitle(log.provider) })}</strong>
        <span className="soft">{log.event}</span>
        {log.duplicates > 0 && <span className="soft">{t('event.duplicates', { count: log.duplicates })}</span>}
      </li>
      {log.stage === 'REJECTED' && (
        <li data-tone="bad">
          <strong>{t('event.rejected', { error: log.error ?? '' })}</strong>
        </li>
      )}
      {isNowhere && (
        <li data-tone="calm">
          <strong>{t('event.dispatchedNowhere')}</strong>
        </li>
      )}
      {log.attempts.map((attempt) => (
        <AttemptLine key={`${attempt.webhookId} ${attempt.at}`} attempt={attempt} />
      ))}
      {next && (
        <li data-tone="warn" className="ahead">
          <time dateTime={next}>{time(next)}</time>
          <strong>
            {t('event.next', {
              time:
                Date.parse(next) > now ? t('retries.in', { time: span(Date.parse(next) - now) }) : t('retries.dueNow'),
            })}
          </strong>
        </li>
      )}
    </ol>
  )
}

function AttemptLine({ attempt }: { readonly attempt: Attempt }) {
  const { t, time, number } = useText()
  const title =
    attempt.result === 'delivered'
      ? 'event.attempt'
      : attempt.result === 'dead'
        ? 'event.attemptDead'
        : 'event.attemptFailed'
  return (
    <li data-tone={TONES[attempt.result]}>
      <time dateTime={attempt.at}>{time(attempt.at)}</time>
      <strong>
        {t(title, { n: attempt.attempt })}
        {attempt.trigger === 'manual' && <em> {t('event.manual')}</em>}
      </strong>
      <span className="soft">
        {attempt.statusCode === null
          ? t('event.noAnswer', { ms: number(attempt.responseTime) })
          : t('event.answered', { status: String(attempt.statusCode), ms: number(attempt.responseTime) })}
      </span>
      <span className="soft mono" dir="ltr">
        {attempt.url}
      </span>
      {attempt.result !== 'delivered' && (attempt.error ?? attempt.response) && (
        <code dir="ltr">{attempt.error ?? attempt.response}</code>
      )}
    </li>
  )
}
