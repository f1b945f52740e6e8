import { Pause, Play } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { LogStage, ProviderName } from '../../api/generated'
import { fits, type LiveRow, NO_FILTER, type RowFilter } from '../../live/rows'
import { useFeedSnapshot } from '../../live/use-feed'
import { useText } from '../../text/text'
import { providerTitle } from '../../ui/parts'
import { Empty, Loading } from '../../ui/states'
import { StreamTable } from './stream-table'

const STAGES: readonly LogStage[] = ['DELIVERED', 'DELIVERING', 'RETRYING', 'DEAD', 'REJECTED', 'DISPATCHED']

/** The live list: pausing holds what is shown while the stream goes on behind it. */
export function Stream() {
  const { t } = useText()
  const { rows, hasGap, isFilled } = useFeedSnapshot()
  const [held, setHeld] = useState<readonly LiveRow[]>()
  const [filter, setFilter] = useState(NO_FILTER)
  const shown = useMemo(() => (held ?? rows).filter((row) => fits(row, filter)).reverse(), [held, rows, filter])
  const missed = held === undefined ? 0 : countSince(rows, held.at(-1))
  return (
    <section className="panel stream" aria-label={t('live.title')}>
      <header className="toolbar">
        <h2>{t('live.title')}</h2>
        <span className="count">{t('live.count', { count: shown.length })}</span>
        <Filters filter={filter} onChange={setFilter} rows={rows} />
        <button
          type="button"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held === undefined ? rows : undefined)}
        >
          {held === undefined ? <Pause size={15} aria-hidden="true" /> : <Play size={15} aria-hidden="true" />}
          {held === undefined
            ? t('live.pause')
            : missed === 0
              ? t('live.resume')
              : t('live.waiting', { count: missed })}
        </button>
      </header>
      {hasGap && <p className="gap">{t('live.gap')}</p>}
      {shown.length > 0 ? (
        <StreamTable rows={shown} />
      ) : rows.length > 0 ? (
        <Empty title={t('live.noMatch')}>
          <button type="button" onClick={() => setFilter(NO_FILTER)}>
            {t('live.clear')}
          </button>
        </Empty>
      ) : !isFilled ? (
        <Loading lines={8} />
      ) : (
        <Empty title={t('live.empty')} detail={t('live.emptyDetail')}>
          <Link href="/connections" className="button">
            {t('live.emptyAction')}
          </Link>
        </Empty>
      )}
    </section>
  )
}

function Filters({
  filter,
  onChange,
  rows,
}: {
  readonly filter: RowFilter
  onChange(filter: RowFilter): void
  readonly rows: readonly LiveRow[]
}) {
  const { t } = useText()
  const providers = [...new Set(rows.map(({ provider }) => provider))].sort()
  return (
    <search className="filters">
      <input
        type="search"
        aria-label={t('live.filter')}
        placeholder={t('live.filterPlaceholder')}
        value={filter.text}
        onChange={({ target }) => onChange({ ...filter, text: target.value })}
      />
      <select
        aria-label={t('live.platform')}
        value={filter.provider}
        // The options are the providers and nothing.
        onChange={({ target }) => onChange({ ...filter, provider: target.value as ProviderName | '' })}
      >
        <option value="">
          {t('live.platform')}: {t('state.all')}
        </option>
        {providers.map((provider) => (
          <option key={provider} value={provider}>
            {providerTitle(provider)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('live.stage')}
        value={filter.stage}
        // The options are the stages and nothing.
        onChange={({ target }) => onChange({ ...filter, stage: target.value as LogStage | '' })}
      >
        <option value="">
          {t('live.stage')}: {t('state.all')}
        </option>
        {STAGES.map((stage) => (
          <option key={stage} value={stage}>
            {t(`stage.${stage}`)}
          </option>
        ))}
      </select>
    </search>
  )
}

function countSince(rows: readonly LiveRow[], last: LiveRow | undefined): number {
  if (last === undefined) return rows.length
  const index = rows.findLastIndex(({ id }) => id === last.id)
  return rows.length - 1 - index
}
