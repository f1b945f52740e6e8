import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useRef } from 'react'
import { Link } from 'wouter'
import type { LiveRow } from '../../live/rows'
import { type Text, useText } from '../../text/text'
import { providerTitle, StageBadge } from '../../ui/parts'
import { eventHref } from '../event/event-href'

const ROW_PX = 34
const NARROW_ROW_PX = 58
const OVERSCAN = 8
const NARROW = '(max-width: 760px)'

/** Thousands of rows, of which only those in sight exist. Arrow keys move between rows. */
export function StreamTable({ rows }: { readonly rows: readonly LiveRow[] }) {
  const text = useText()
  const { t } = text
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (matchMedia(NARROW).matches ? NARROW_ROW_PX : ROW_PX),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: OVERSCAN,
  })
  return (
    <div className="grid" role="table" aria-label={t('live.title')} aria-rowcount={rows.length + 1}>
      <div className="grid-head" role="row" aria-rowindex={1}>
        {(['time', 'platform', 'client', 'event', 'outcome', 'attempt', 'duration', 'detail'] as const).map(
          (column) => (
            <span key={column} role="columnheader" data-column={column}>
              {t(`column.${column}`)}
            </span>
          ),
        )}
      </div>
      {/* The rows' links are what the keyboard reaches. */}
      <div className="grid-body" role="rowgroup" ref={scroller} onKeyDown={moveFocus}>
        <div className="grid-space" role="presentation" style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start, size }) => {
            const row = rows[index]
            return row && <Row key={key} row={row} index={index} start={start} size={size} text={text} />
          })}
        </div>
      </div>
    </div>
  )
}

/** Drawn anew only when its event changed or it moved. */
const Row = memo(function Row({
  row,
  index,
  start,
  size,
  text,
}: {
  readonly row: LiveRow
  readonly index: number
  readonly start: number
  readonly size: number
  readonly text: Text
}) {
  const { t, time, number } = text
  return (
    <div
      className="grid-row"
      role="row"
      aria-rowindex={index + 2}
      data-event={row.id}
      data-stage={row.stage}
      style={{ transform: `translateY(${start}px)`, blockSize: size }}
    >
      <span role="cell" data-column="time">
        <Link href={eventHref(row.id)} className="row-link">
          {time(row.at)}
        </Link>
      </span>
      <span role="cell" data-column="platform">
        {providerTitle(row.provider)}
      </span>
      <span role="cell" data-column="client">
        {row.clientId}
      </span>
      <span role="cell" data-column="event" dir="ltr">
        {row.type ?? row.event}
      </span>
      <span role="cell" data-column="outcome">
        <StageBadge stage={row.stage} />
      </span>
      <span role="cell" data-column="attempt">
        {row.attempt !== null && number(row.attempt)}
      </span>
      <span role="cell" data-column="duration">
        {row.responseTime !== null && number(row.responseTime)}
      </span>
      <span role="cell" data-column="detail">
        {row.error !== null && <bdi>{row.error}</bdi>}
        {row.duplicates > 0 && <em>{t('detail.duplicates', { count: row.duplicates })}</em>}
      </span>
    </div>
  )
})

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const row = document.activeElement?.closest('.grid-row')
  if (row == null) return
  const wanted = Number(row.getAttribute('aria-rowindex')) + step
  const link = event.currentTarget.querySelector<HTMLAnchorElement>(`[aria-rowindex="${wanted}"] .row-link`)
  if (link === null) return
  event.preventDefault()
  link.focus()
}
