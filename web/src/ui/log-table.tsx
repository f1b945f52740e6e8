import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { LogRowFragment } from '../api/generated'
import { useText } from '../text/text'
import { eventHref } from '../views/event/event-href'
import { providerTitle, StageBadge } from './parts'

/** Logs as a table; a last column of the caller's, if it wants one. */
export function LogTable({
  label,
  logs,
  lastColumn,
}: {
  readonly label: string
  readonly logs: readonly LogRowFragment[]
  readonly lastColumn?: { readonly title: string; cell(log: LogRowFragment): ReactNode }
}) {
  const { t, time, number } = useText()
  return (
    <section className="table-scroll" tabIndex={0} aria-label={label}>
      <table className="log-table">
        <thead>
          <tr>
            <th scope="col">{t('column.time')}</th>
            <th scope="col">{t('column.platform')}</th>
            <th scope="col">{t('column.client')}</th>
            <th scope="col">{t('column.event')}</th>
            <th scope="col">{t('column.outcome')}</th>
            <th scope="col" className="figure">
              {t('column.attempt')}
            </th>
            <th scope="col" className="figure">
              {t('column.duration')}
            </th>
            <th scope="col">{lastColumn?.title ?? t('column.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {logs.map((log) => (
            <tr key={log.id} data-event={log.id}>
              <td>
                <Link href={eventHref(log.id)} className="row-link">
                  {time(log.timestamp)}
                </Link>
              </td>
              <td>{providerTitle(log.provider)}</td>
              <td dir="ltr" className="start">
                {log.clientId}
              </td>
              <td dir="ltr" className="start">
                {log.type ?? log.event}
              </td>
              <td>
                <StageBadge stage={log.stage} />
              </td>
              <td className="figure">{log.attempts.length > 0 && number(log.attempts.length)}</td>
              <td className="figure">{log.responseTime !== null && number(log.responseTime)}</td>
              <td className="detail">{lastColumn === undefined ? <bdi>{log.error}</bdi> : lastColumn.cell(log)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
