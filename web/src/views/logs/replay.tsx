import { History } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import {
  CancelReplayDocument,
  type LogFilter,
  LogsDocument,
  ReplayDocument,
  ReplayJobDocument,
} from '../../api/generated'
import { useApi, useChange } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { FormFoot } from '../../ui/form-foot'
import { PanelDialog } from '../../ui/panel-dialog'
import { Field } from '../../ui/parts'
import { Fault } from '../../ui/states'
import { filterOf } from './log-filter'

const ASK_MS = 1_000
const RATE = 20

/** Sends again what the search finds: counted first, then asked, then watched. */
export function ReplayButton() {
  const { t } = useText()
  const may = useMay('operator')
  const [search] = useSearchParams()
  const [filter, setFilter] = useState<LogFilter>()
  return (
    <>
      <button
        type="button"
        disabled={!may}
        title={may ? undefined : t('state.needsRole', { role: 'operator' })}
        onClick={() => setFilter(filterOf(search))}
      >
        <History size={15} aria-hidden="true" />
        {t('logs.replay')}
      </button>
      {filter !== undefined && <ReplaySheet filter={filter} onClose={() => setFilter(undefined)} />}
    </>
  )
}

function ReplaySheet({ filter, onClose }: { readonly filter: LogFilter; onClose(): void }) {
  const { t } = useText()
  const count = useChange(ReplayDocument)
  const replay = useChange(ReplayDocument, [LogsDocument])
  const [rate, setRate] = useState(RATE)
  const { mutate: countMatches } = count
  useEffect(() => countMatches({ filter, dryRun: true }), [countMatches, filter])
  const total = count.data?.replay.total
  const fault = count.error ?? replay.error
  return (
    <PanelDialog kind="sheet" title={t('replay.title')} onClose={onClose}>
      {fault !== null ? (
        <Fault fault={fault} />
      ) : replay.data !== undefined ? (
        <ReplayProgress id={replay.data.replay.id} />
      ) : total === undefined ? (
        <p role="status">{t('replay.counting')}</p>
      ) : total === 0 ? (
        <p>{t('replay.nothing')}</p>
      ) : (
        <div className="form">
          <p>{t('replay.question', { count: total })}</p>
          <Field label={t('replay.rate')}>
            {(ids) => (
              <input
                {...ids}
                type="number"
                min={1}
                max={1_000}
                value={rate}
                onChange={({ target }) => setRate(Number(target.value))}
              />
            )}
          </Field>
          <FormFoot onClose={onClose}>
            <button
              type="button"
              className="primary"
              disabled={replay.isPending}
              onClick={() => replay.mutate({ filter, ratePerSecond: rate })}
            >
              {t('replay.start')}
            </button>
          </FormFoot>
        </div>
      )}
    </PanelDialog>
  )
}

function ReplayProgress({ id }: { readonly id: string }) {
  const { t } = useText()
  const cancel = useChange(CancelReplayDocument, [ReplayJobDocument])
  const { data } = useApi(ReplayJobDocument, { variables: { id }, everyMs: ASK_MS })
  const job = data?.replayJob
  if (job == null) return <p role="status">{t('state.loading')}</p>
  const { status, total, processed, queued, skipped, error } = job
  return (
    <div className="form">
      <p role="status">
        <strong>{t(`replay.${status}`)}</strong>
        <br />
        {t('replay.progress', { processed, total, queued, skipped })}
      </p>
      <progress aria-label={t('replay.title')} max={Math.max(1, total)} value={processed} />
      {error && <p data-tone="bad">{error}</p>}
      {status === 'RUNNING' && (
        <footer className="form-foot">
          <button type="button" disabled={cancel.isPending} onClick={() => cancel.mutate({ id })}>
            {t('replay.cancel')}
          </button>
        </footer>
      )}
    </div>
  )
}
