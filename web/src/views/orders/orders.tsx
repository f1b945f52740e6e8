import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { serverNow } from '../../api/clock'
import { type OrderStatus, OrdersDocument, type OrdersQuery } from '../../api/generated'
import { refresh, useApi } from '../../api/hooks'
import { useFeed, useNow } from '../../live/use-feed'
import type { TextKey } from '../../text/en'
import { useText } from '../../text/text'
import { ViewHead } from '../../ui/parts'
import { Empty, Loaded } from '../../ui/states'
import { OrderCard } from './order-card'

export type BoardOrder = OrdersQuery['orders']['edges'][number]['node']

type Column = { readonly title: TextKey; readonly tone: string; readonly statuses: readonly OrderStatus[] }

/** From the left to the right as an order goes. */
const COLUMNS: readonly Column[] = [
  { title: 'orders.column.waiting', tone: 'warn', statuses: ['PENDING'] },
  { title: 'orders.column.kitchen', tone: 'busy', statuses: ['ACCEPTED', 'PREPARING'] },
  { title: 'orders.column.ready', tone: 'accent', statuses: ['READY'] },
  { title: 'orders.column.road', tone: 'busy', statuses: ['PICKED_UP'] },
  { title: 'orders.column.done', tone: 'good', statuses: ['DELIVERED'] },
  { title: 'orders.column.lost', tone: 'bad', statuses: ['REJECTED', 'CANCELLED', 'FAILED'] },
]

const SHOWN = 100
const DAY_MS = 86_400_000
/** The board follows the stream at most this often, and asks at least this often. */
const FOLLOW_MS = 1_000
const ASK_MS = 15_000

export function OrdersView() {
  const { t } = useText()
  const [placedAfter] = useState(() => new Date(serverNow() - DAY_MS).toISOString())
  const query = useApi(OrdersDocument, { variables: { filter: { placedAfter }, first: SHOWN }, everyMs: ASK_MS })
  useFollowing()
  return (
    <div className="view board-view">
      <ViewHead title={t('view.orders')} lead={t('orders.lead')} />
      <Loaded query={query} lines={10}>
        {({ orders }) => <Board orders={orders} />}
      </Loaded>
    </div>
  )
}

/** Asks for the board again when the stream tells of something. */
function useFollowing(): void {
  const feed = useFeed()
  const queries = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const forget = feed.onFact(({ kind }) => {
      if (kind !== 'DISPATCHED') return
      timer ??= setTimeout(() => {
        timer = undefined
        void refresh(queries, [OrdersDocument])
      }, FOLLOW_MS)
    })
    return () => {
      clearTimeout(timer)
      forget()
    }
  }, [feed, queries])
}

function Board({ orders }: { readonly orders: OrdersQuery['orders'] }) {
  const { t } = useText()
  const now = useNow()
  const nodes = useMemo(() => orders.edges.map(({ node }) => node), [orders])
  if (nodes.length === 0)
    return (
      <section className="panel">
        <Empty title={t('orders.empty')} detail={t('orders.emptyDetail')} />
      </section>
    )
  return (
    <>
      <div className="board">
        {COLUMNS.map((column) => (
          <BoardColumn
            key={column.title}
            column={column}
            orders={nodes.filter(({ status }) => column.statuses.includes(status))}
            now={now}
          />
        ))}
      </div>
      {orders.totalCount > nodes.length && (
        <p className="soft">{t('orders.older', { count: orders.totalCount - nodes.length })}</p>
      )}
    </>
  )
}

function BoardColumn({
  column,
  orders,
  now,
}: {
  readonly column: Column
  readonly orders: readonly BoardOrder[]
  readonly now: number
}) {
  const { t, number } = useText()
  const isWaiting = column.statuses.includes('PENDING')
  // What must be accepted soonest is on top; elsewhere the newest.
  const sorted = isWaiting ? orders.toSorted((a, b) => deadline(a) - deadline(b)) : orders
  return (
    <section className="board-column" aria-label={t(column.title)} tabIndex={0}>
      <h2 data-tone={column.tone}>
        {t(column.title)} <span>{number(orders.length)}</span>
      </h2>
      {orders.length === 0 ? (
        <p className="soft">{t('orders.columnEmpty')}</p>
      ) : (
        <ul>
          {sorted.map((order) => (
            <OrderCard
              key={order.id}
              order={order}
              now={now}
              isWaiting={isWaiting}
              showsStatus={column.statuses.length > 1}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

function deadline({ acceptBy }: BoardOrder): number {
  return acceptBy === null ? Number.POSITIVE_INFINITY : Date.parse(acceptBy)
}
