import { FlaskConical, KeyRound, Pause, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import {
  DeleteWebhookDocument,
  type RegistrationFragment,
  SendTestEventDocument,
  UpdateWebhookDocument,
  WebhooksDocument,
} from '../../api/generated'
import { useChange } from '../../api/hooks'
import type { ApiFault } from '../../api/request'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { useAnnounce } from '../../ui/announce'
import { FormFoot } from '../../ui/form-foot'
import { PanelDialog } from '../../ui/panel-dialog'
import { CopyButton, providerTitle } from '../../ui/parts'
import { RotateSheet } from './rotate-sheet'

/** One registration: what it is, and what can be done with it. */
export function Registration({ registration }: { readonly registration: RegistrationFragment }) {
  const { t, time } = useText()
  const { provider, profile, status, disabledReason, url, receiveUrl, events, createdAt } = registration
  return (
    <li>
      <p className="registration-name">
        <strong>{providerTitle(provider)}</strong>
        <span className="soft">{profile.toLowerCase()}</span>
        <span className="badge" data-tone={status === 'ACTIVE' ? 'good' : 'bad'}>
          {t(`webhook.${status}`)}
        </span>
      </p>
      {disabledReason && <p data-tone="bad">{disabledReason}</p>}
      <p>
        <span className="soft">{t('connections.url')}</span> <code dir="ltr">{url}</code>
      </p>
      <p>
        <span className="soft">{t('connections.receives')}</span> <code dir="ltr">{receiveUrl}</code>{' '}
        <CopyButton value={receiveUrl} label={t('connections.receives')} />
      </p>
      <p className="soft">
        {events.includes('*') ? t('connections.everyEvent') : events.join(', ')} ·{' '}
        {t('connections.since', { time: time(createdAt) })}
      </p>
      <Actions registration={registration} />
    </li>
  )
}

function Actions({ registration }: { readonly registration: RegistrationFragment }) {
  const { t } = useText()
  const announce = useAnnounce()
  const mayTest = useMay('operator')
  const may = useMay('admin')
  const [sheet, setSheet] = useState<'delete' | 'rotate'>()
  const update = useChange(UpdateWebhookDocument, [WebhooksDocument])
  const test = useChange(SendTestEventDocument)
  const onError = ({ message }: ApiFault): void => announce(message, 'bad')
  const { id, status } = registration
  const isActive = status === 'ACTIVE'
  const needsAdmin = may ? undefined : t('state.needsRole', { role: 'admin' })
  return (
    <div className="registration-actions">
      <button
        type="button"
        className="small"
        disabled={!mayTest || !isActive || test.isPending}
        onClick={() =>
          test.mutate({ webhookId: id }, { onSuccess: () => announce(t('connections.testSent')), onError })
        }
      >
        <FlaskConical size={13} aria-hidden="true" />
        {t('connections.test')}
      </button>
      <button
        type="button"
        className="small"
        disabled={!may || update.isPending}
        title={needsAdmin}
        onClick={() => update.mutate({ id, input: { status: isActive ? 'DISABLED' : 'ACTIVE' } }, { onError })}
      >
        {isActive ? <Pause size={13} aria-hidden="true" /> : <Play size={13} aria-hidden="true" />}
        {t(isActive ? 'connections.pause' : 'connections.resume')}
      </button>
      <button type="button" className="small" disabled={!may} title={needsAdmin} onClick={() => setSheet('rotate')}>
        <KeyRound size={13} aria-hidden="true" />
        {t('connections.rotate')}
      </button>
      <button type="button" className="small" disabled={!may} title={needsAdmin} onClick={() => setSheet('delete')}>
        <Trash2 size={13} aria-hidden="true" />
        {t('connections.delete')}
      </button>
      {sheet === 'rotate' && <RotateSheet webhookId={id} onClose={() => setSheet(undefined)} />}
      {sheet === 'delete' && <DeleteSheet registration={registration} onClose={() => setSheet(undefined)} />}
    </div>
  )
}

function DeleteSheet({ registration, onClose }: { readonly registration: RegistrationFragment; onClose(): void }) {
  const { t } = useText()
  const announce = useAnnounce()
  const remove = useChange(DeleteWebhookDocument, [WebhooksDocument])
  return (
    <PanelDialog kind="sheet" title={t('connections.deleteTitle')} onClose={onClose}>
      <p>{t('connections.deleteDetail', { url: registration.url })}</p>
      <FormFoot error={remove.error} onClose={onClose}>
        <button
          type="button"
          className="danger"
          disabled={remove.isPending}
          onClick={() =>
            remove.mutate(
              { id: registration.id },
              {
                onSuccess: () => {
                  announce(t('connections.deleted'))
                  onClose()
                },
              },
            )
          }
        >
          {t('connections.delete')}
        </button>
      </FormFoot>
    </PanelDialog>
  )
}
