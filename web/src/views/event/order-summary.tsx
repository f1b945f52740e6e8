import { useText } from '../../text/text'
import { type CanonicalOrder, readOrder } from './read-order'

/** The order an event carries, as the restaurant reads it. */
export function OrderSummary({ canonical }: { readonly canonical: unknown }) {
  const { t, time, money, number } = useText()
  const order: CanonicalOrder | undefined = readOrder(canonical)
  if (order === undefined) return null
  return (
    <section>
      <h3>
        {t('event.order')} <bdi>{order.displayCode ?? order.externalId}</bdi>
      </h3>
      <dl className="facts">
        {order.placedAt && <Fact name={t('event.placed')} value={time(order.placedAt)} />}
        {order.acceptBy && <Fact name={t('event.acceptBy')} value={time(order.acceptBy)} />}
        {order.customerName && <Fact name={t('event.customer')} value={order.customerName} />}
        {order.note && <Fact name={t('event.note')} value={order.note} />}
      </dl>
      {order.lines.length > 0 && (
        <ul className="lines">
          {order.lines.map((line) => (
            <li key={line.n}>
              <span>{t('event.line', { count: number(line.quantity), name: line.name })}</span>
              {line.total && <span>{money(line.total)}</span>}
            </li>
          ))}
          {order.grandTotal && (
            <li className="grand-total">
              <span>{t('event.grandTotal')}</span>
              <span>{money(order.grandTotal)}</span>
            </li>
          )}
        </ul>
      )}
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}
