import { Link } from 'wouter'
import { useText } from '../../text/text'
import { providerTitle } from '../../ui/parts'
import type { BoardOrder } from './orders'

/** Less than this left and it is urgent. */
const URGENT_MS = 60_000

export function OrderCard({
  order,
  now,
  isWaiting,
  showsStatus,
}: {
  readonly order: BoardOrder
  readonly now: number
  readonly isWaiting: boolean
  /** Where the column holds more than one. */
  readonly showsStatus: boolean
}) {
  const { t, time, money } = useText()
  const { displayCode, externalId, provider, clientId, status, placedAt, acceptBy, isTest, lines, totals, note } = order
  const items = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  return (
    <li className="order-card">
      <p className="order-code">
        <Link href={`/logs?search=${encodeURIComponent(order.id)}`} className="row-link">
          <bdi>{displayCode ?? externalId}</bdi>
        </Link>
        {isTest && (
          <span className="badge" data-tone="calm">
            {t('orders.test')}
          </span>
        )}
      </p>
      <p className="soft">
        <bdi>{clientId}</bdi> · <bdi>{providerTitle(provider)}</bdi>
      </p>
      <p className="soft">
        {totals.grandTotal && (
          <>
            <bdi>{money(totals.grandTotal)}</bdi> ·{' '}
          </>
        )}
        <bdi>{t('orders.items', { count: items })}</bdi> · <bdi>{time(placedAt)}</bdi>
        {showsStatus && ` · ${t(`orderStatus.${status}`)}`}
      </p>
      {note && <p className="order-note">{note}</p>}
      {isWaiting && acceptBy && <Countdown leftMs={Date.parse(acceptBy) - now} />}
    </li>
  )
}

function Countdown({ leftMs }: { readonly leftMs: number }) {
  const { t, span } = useText()
  return (
    <p className="countdown" data-tone={leftMs < URGENT_MS ? 'bad' : 'warn'}>
      {leftMs >= 0 ? t('orders.acceptIn', { time: span(leftMs) }) : t('orders.late', { time: span(-leftMs) })}
    </p>
  )
}
