import type { UseQueryResult } from '@tanstack/react-query'
import { CircleAlert, Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiFault } from '../api/request'
import { useText } from '../text/text'

/** What a query gave, or its loading or error state. Data that is there stays while it is asked for again. */
export function Loaded<Data>({
  query,
  lines = 6,
  children,
}: {
  readonly query: UseQueryResult<Data, ApiFault>
  /** How many lines the loading state draws. */
  readonly lines?: number
  children(data: Data): ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <Fault fault={query.error} onAgain={() => void query.refetch()} />
  return <Loading lines={lines} />
}

export function Loading({ lines }: { readonly lines: number }) {
  const { t } = useText()
  return (
    <div className="loading" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have no other identity
        <span key={index} />
      ))}
    </div>
  )
}

export function Fault({ fault, onAgain }: { readonly fault: ApiFault; onAgain?(): void }) {
  const { t } = useText()
  return (
    <div className="notice" role="alert">
      <CircleAlert size={22} aria-hidden="true" />
      <strong>{t('state.failed')}</strong>
      <p>{fault.message}</p>
      {onAgain && (
        <button type="button" onClick={onAgain}>
          {t('state.again')}
        </button>
      )}
    </div>
  )
}

export function Empty({
  title,
  detail,
  children,
}: {
  readonly title: string
  readonly detail?: string
  readonly children?: ReactNode
}) {
  return (
    <div className="notice">
      <Inbox size={22} aria-hidden="true" />
      <strong>{title}</strong>
      {detail && <p>{detail}</p>}
      {children}
    </div>
  )
}
