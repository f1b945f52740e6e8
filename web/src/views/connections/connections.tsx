import { Plus, Settings2 } from 'lucide-react'
import { useState } from 'react'
import { type RegistrationFragment, WebhooksDocument } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { ViewHead } from '../../ui/parts'
import { Empty, Loaded } from '../../ui/states'
import { RegisterSheet } from './register-sheet'
import { Registration } from './registration'
import { SettingsSheet } from './settings-sheet'

/** Which sheet is open: the form of a new connection, or a client's settings. */
type Open = { readonly sheet: 'register' } | { readonly sheet: 'settings'; readonly clientId: string }

export function ConnectionsView() {
  const { t } = useText()
  const may = useMay('admin')
  const [open, setOpen] = useState<Open>()
  const query = useApi(WebhooksDocument, { variables: {} })
  const add = (
    <button
      type="button"
      className="primary"
      disabled={!may}
      title={may ? undefined : t('state.needsRole', { role: 'admin' })}
      onClick={() => setOpen({ sheet: 'register' })}
    >
      <Plus size={16} aria-hidden="true" />
      {t('connections.add')}
    </button>
  )
  return (
    <div className="view">
      <ViewHead title={t('view.connections')} lead={t('connections.lead')}>
        {add}
      </ViewHead>
      <Loaded query={query}>
        {({ webhooks }) =>
          webhooks.length === 0 ? (
            <section className="panel">
              <Empty title={t('connections.empty')} detail={t('connections.emptyDetail')} />
            </section>
          ) : (
            <div className="clients">
              {byClient(webhooks).map(([clientId, registrations]) => (
                <ClientPanel
                  key={clientId}
                  clientId={clientId}
                  registrations={registrations}
                  onSettings={() => setOpen({ sheet: 'settings', clientId })}
                />
              ))}
            </div>
          )
        }
      </Loaded>
      {open?.sheet === 'register' && <RegisterSheet onClose={() => setOpen(undefined)} />}
      {open?.sheet === 'settings' && <SettingsSheet clientId={open.clientId} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function byClient(webhooks: readonly RegistrationFragment[]) {
  const groups = new Map<string, RegistrationFragment[]>()
  for (const webhook of webhooks) groups.set(webhook.clientId, [...(groups.get(webhook.clientId) ?? []), webhook])
  return [...groups].sort(([a], [b]) => a.localeCompare(b))
}

function ClientPanel({
  clientId,
  registrations,
  onSettings,
}: {
  readonly clientId: string
  readonly registrations: readonly RegistrationFragment[]
  onSettings(): void
}) {
  const { t } = useText()
  return (
    <section className="panel">
      <header className="toolbar">
        <h2>{clientId}</h2>
        <button
          type="button"
          className="quiet"
          aria-label={`${t('connections.settings')}: ${clientId}`}
          onClick={onSettings}
        >
          <Settings2 size={15} aria-hidden="true" />
          <span>{t('connections.settings')}</span>
        </button>
      </header>
      <ul className="registrations">
        {registrations.map((registration) => (
          <Registration key={registration.id} registration={registration} />
        ))}
      </ul>
    </section>
  )
}
