import { useEffect, useState } from 'react'
import { DeadLettersDocument, LogsDocument, RedriveDeadLettersDocument, RetryStatsDocument } from '../../api/generated'
import { useApi, useChange } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { useAnnounce } from '../../ui/announce'
import { FormFoot } from '../../ui/form-foot'
import { LogTable } from '../../ui/log-table'
import { PanelDialog } from '../../ui/panel-dialog'
import { Empty, Fault, Loaded } from '../../ui/states'
import { RetryCell } from './retry-cell'

const ASK_MS = 5_000
const LISTED = 50

/** What was given up, one by one or all at once. */
export function DeadLetters() {
  const { t, number } = useText()
  const may = useMay('operator')
  const [isAsking, setAsking] = useState(false)
  const query = useApi(DeadLettersDocument, { variables: { first: LISTED }, everyMs: ASK_MS })
  const total = query.data?.deadLetters.totalCount ?? 0
  return (
    <section className="panel">
      <header className="toolbar">
        <h2>{t('deadLetters.title')}</h2>
        <button
          type="button"
          disabled={!may || total === 0}
          title={may ? undefined : t('state.needsRole', { role: 'operator' })}
          onClick={() => setAsking(true)}
        >
          {t('deadLetters.redrive')}
        </button>
      </header>
      <Loaded query={query}>
        {({ deadLetters }) =>
          deadLetters.edges.length === 0 ? (
            <Empty title={t('deadLetters.empty')} detail={t('deadLetters.emptyDetail')} />
          ) : (
            <>
              <LogTable
                label={t('deadLetters.title')}
                logs={deadLetters.edges.map(({ node }) => node.log)}
                lastColumn={{ title: t('column.action'), cell: (log) => <RetryCell log={log} /> }}
              />
              <footer className="panel-foot">
                {t('state.of', { shown: number(deadLetters.edges.length), total: number(deadLetters.totalCount) })}
              </footer>
            </>
          )
        }
      </Loaded>
      {isAsking && <RedriveSheet onClose={() => setAsking(false)} />}
    </section>
  )
}

/** Counted first, then asked. */
function RedriveSheet({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const announce = useAnnounce()
  const count = useChange(RedriveDeadLettersDocument)
  const redrive = useChange(RedriveDeadLettersDocument, [DeadLettersDocument, LogsDocument, RetryStatsDocument])
  const { mutate: countMatches } = count
  useEffect(() => countMatches({ filter: {}, dryRun: true }), [countMatches])
  const counted = count.data?.redriveDeadLetters
  const fault = count.error ?? redrive.error
  return (
    <PanelDialog kind="sheet" title={t('deadLetters.redrive')} onClose={onClose}>
      {fault !== null ? (
        <Fault fault={fault} />
      ) : counted === undefined ? (
        <p role="status">{t('replay.counting')}</p>
      ) : (
        <div className="form">
          <p>{t('deadLetters.question', { count: counted.queued, skipped: counted.skipped })}</p>
          <FormFoot onClose={onClose}>
            <button
              type="button"
              className="primary"
              disabled={redrive.isPending || counted.queued === 0}
              onClick={() =>
                redrive.mutate(
                  { filter: {} },
                  {
                    onSuccess: (done) => {
                      announce(t('deadLetters.done', { count: done.redriveDeadLetters.queued }))
                      onClose()
                    },
                  },
                )
              }
            >
              {t('deadLetters.redrive')}
            </button>
          </FormFoot>
        </div>
      )}
    </PanelDialog>
  )
}
