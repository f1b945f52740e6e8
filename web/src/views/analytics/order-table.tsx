import type { AnalyticsQuery } from '../../api/generated'
import { useText } from '../../text/text'

type Row = Omit<AnalyticsQuery['analytics']['stores'][number], 'storeRef'> & { readonly storeRef?: string | null }

/** The same figures for each platform, or each store: the busiest first. */
export function OrderTable({
  title,
  name,
  rows,
  nameOf,
}: {
  readonly title: string
  /** What the rows are. */
  readonly name: string
  readonly rows: readonly Row[]
  nameOf(row: Row): string
}) {
  const { t, number, percent, span, money } = useText()
  const rate = (share: number | null): string => (share === null ? '–' : percent(share))
  return (
    <section className="panel">
      <header className="toolbar">
        <h2>{title}</h2>
      </header>
      <section className="table-scroll" tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{name}</th>
              {(['orders', 'acceptance', 'cancelled', 'timeToAccept', 'revenue'] as const).map((column) => (
                <th key={column} scope="col" className="figure">
                  {t(`analytics.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows
              .toSorted((a, b) => b.orders - a.orders)
              .map((row) => (
                <tr key={nameOf(row)}>
                  <td className="name">
                    <bdi>{nameOf(row)}</bdi>
                  </td>
                  <td className="figure">{number(row.orders)}</td>
                  <td className="figure">{rate(row.acceptanceRate)}</td>
                  <td className="figure">{rate(row.cancelRate)}</td>
                  <td className="figure">{row.timeToAcceptP50 === null ? '–' : span(row.timeToAcceptP50)}</td>
                  <td className="figure">{row.revenue.map((amount) => money(amount)).join(' + ') || '–'}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}
