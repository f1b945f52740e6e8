import { Check, Copy } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { LogStage } from '../api/generated'
import { useText } from '../text/text'

/** How bad a stage is: its colour, always beside its word. */
export const TONES: Readonly<Record<LogStage, 'good' | 'warn' | 'bad' | 'calm' | 'busy'>> = {
  RECEIVED: 'busy',
  DELIVERING: 'busy',
  DISPATCHED: 'calm',
  DELIVERED: 'good',
  RETRYING: 'warn',
  DEAD: 'bad',
  REJECTED: 'bad',
}

export function StageBadge({ stage }: { readonly stage: LogStage }) {
  const { t } = useText()
  return (
    <span className="badge" data-tone={TONES[stage]}>
      {t(`stage.${stage}`)}
    </span>
  )
}

/** `DELIVERY_HERO` as people write it. */
export function providerTitle(name: string): string {
  if (name === 'DOORDASH') return 'DoorDash'
  return name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join(' ')
}

export function Tile({
  title,
  value,
  note,
  tone,
}: {
  readonly title: string
  readonly value: string
  readonly note?: string
  readonly tone?: 'good' | 'warn' | 'bad'
}) {
  return (
    <div className="tile" data-tone={tone}>
      <dt>{title}</dt>
      <dd>{value}</dd>
      {note && <dd className="tile-note">{note}</dd>}
    </div>
  )
}

export function ViewHead({
  title,
  lead,
  children,
}: {
  readonly title: string
  readonly lead?: string
  readonly children?: ReactNode
}) {
  return (
    <header className="view-head">
      <div>
        <h1>{title}</h1>
        {lead && <p>{lead}</p>}
      </div>
      {children && <div className="view-actions">{children}</div>}
    </header>
  )
}

/** A labelled control; its hint and its fault are tied to it for screen readers. */
export function Field({
  label,
  hint,
  fault,
  children,
}: {
  readonly label: string
  readonly hint?: string
  readonly fault?: string | undefined
  children(ids: {
    readonly id: string
    readonly 'aria-describedby': string
    readonly 'aria-invalid': boolean
  }): ReactNode
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-hint`, 'aria-invalid': fault !== undefined })}
      <small id={`${id}-hint`} data-tone={fault === undefined ? undefined : 'bad'}>
        {fault ?? hint}
      </small>
    </div>
  )
}

const COPIED_MS = 1_500

export function CopyButton({ value, label }: { readonly value: string; readonly label?: string }) {
  const { t } = useText()
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_MS)
  }
  const Icon = isCopied ? Check : Copy
  return (
    <button
      type="button"
      className="quiet small"
      aria-label={label === undefined ? undefined : `${t('state.copy')}: ${label}`}
      onClick={() => void copy()}
    >
      <Icon size={14} aria-hidden="true" />
      <span>{t(isCopied ? 'state.copied' : 'state.copy')}</span>
    </button>
  )
}

/** JSON to read and to copy. */
export function Json({ title, value }: { readonly title: string; readonly value: unknown }) {
  const text = JSON.stringify(value, null, 2)
  return (
    <details className="json">
      <summary>{title}</summary>
      <div className="json-body">
        <CopyButton value={text} label={title} />
        <pre dir="ltr" tabIndex={0}>
          {text}
        </pre>
      </div>
    </details>
  )
}
