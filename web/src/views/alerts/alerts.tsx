import { AcknowledgeAlertDocument, AlertsDocument, type AlertsQuery } from '../../api/generated'
import { useApi, useChange } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { useAnnounce } from '../../ui/announce'
import { ViewHead } from '../../ui/parts'
import { Empty, Loaded } from '../../ui/states'

type Alert = AlertsQuery['alerts'][number]

const ASK_MS = 5_000

export function AlertsView() {
  const { t } = useText()
  return (
    <div className="view">
      <ViewHead title={t('view.alerts')} lead={t('alerts.lead')} />
      <AlertPanel isActive />
      <AlertPanel isActive={false} />
    </div>
  )
}

function AlertPanel({ isActive }: { readonly isActive: boolean }) {
  const { t } = useText()
  const query = useApi(AlertsDocument, { variables: { active: isActive }, everyMs: ASK_MS })
  return (
    <section className="panel">
      <header className="toolbar">
        <h2>{t(isActive ? 'alerts.active' : 'alerts.history')}</h2>
      </header>
      <Loaded query={query} lines={3}>
        {({ alerts }) =>
          alerts.length === 0 ? (
            <Empty
              title={t(isActive ? 'alerts.activeEmpty' : 'alerts.historyEmpty')}
              detail={t(isActive ? 'alerts.activeEmptyDetail' : 'alerts.historyEmptyDetail')}
            />
          ) : (
            <ul className="alerts">
              {alerts.map((alert) => (
                <AlertLine key={alert.id} alert={alert} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  )
}

function AlertLine({ alert }: { readonly alert: Alert }) {
  const { t, time } = useText()
  const { active, title, message, severity, subject, clientId, firedAt, resolvedAt, acknowledgedAt, acknowledgedBy } =
    alert
  return (
    <li data-tone={!active ? 'calm' : severity === 'CRITICAL' ? 'bad' : 'warn'}>
      <div>
        <p className="alert-title">
          <strong>{title}</strong>
          <span className="badge">{t(`severity.${severity}`)}</span>
          {subject !== '' && <bdi className="soft">{clientId ?? subject}</bdi>}
        </p>
        <p dir="auto">{message}</p>
        <p className="soft">
          {t('alerts.since', { time: time(firedAt) })}
          {resolvedAt !== null && ` · ${t('alerts.until', { time: time(resolvedAt) })}`}
          {acknowledgedAt !== null &&
            ` · ${t('alerts.acknowledged', { who: acknowledgedBy ?? '–', time: time(acknowledgedAt) })}`}
        </p>
      </div>
      {active && acknowledgedAt === null && <Acknowledge id={alert.id} />}
    </li>
  )
}

function Acknowledge({ id }: { readonly id: string }) {
  const { t } = useText()
  const announce = useAnnounce()
  const may = useMay('operator')
  const acknowledge = useChange(AcknowledgeAlertDocument, [AlertsDocument])
  return (
    <button
      type="button"
      disabled={!may || acknowledge.isPending}
      title={may ? undefined : t('state.needsRole', { role: 'operator' })}
      onClick={() => acknowledge.mutate({ id }, { onError: ({ message }) => announce(message, 'bad') })}
    >
      {t('alerts.acknowledge')}
    </button>
  )
}
