import { type FormEvent, useState } from 'react'
import { ConfigDocument, type ConfigurationFragment, UpdateConfigDocument } from '../../api/generated'
import { useApi, useChange } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { useAnnounce } from '../../ui/announce'
import { FormFoot } from '../../ui/form-foot'
import { PanelDialog } from '../../ui/panel-dialog'
import { Field } from '../../ui/parts'
import { Loaded } from '../../ui/states'
import { faultAt } from './fault-at'
import { readNumbers, readSettings } from './read-settings'

export function SettingsSheet({ clientId, onClose }: { readonly clientId: string; onClose(): void }) {
  const { t } = useText()
  const query = useApi(ConfigDocument, { variables: { clientId } })
  return (
    <PanelDialog kind="sheet" title={t('settings.title', { client: clientId })} onClose={onClose}>
      <Loaded query={query}>{({ config }) => <SettingsForm config={config} onClose={onClose} />}</Loaded>
    </PanelDialog>
  )
}

function SettingsForm({ config, onClose }: { readonly config: ConfigurationFragment; onClose(): void }) {
  const { t } = useText()
  const announce = useAnnounce()
  const may = useMay('admin')
  const update = useChange(UpdateConfigDocument, [ConfigDocument])
  const [delaysFault, setDelaysFault] = useState<string>()
  const { error } = update
  const { retryPolicy, security } = config
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const delays = readNumbers(String(form.get('retryDelays')))
    setDelaysFault(delays === undefined ? t('fault.numbers') : undefined)
    if (delays === undefined) return
    update.mutate(
      { clientId: config.clientId, input: readSettings(form, delays) },
      {
        onSuccess: () => {
          announce(t('state.saved'))
          onClose()
        },
      },
    )
  }
  return (
    <form className="form" onSubmit={submit}>
      <fieldset disabled={!may}>
        <legend>{t('settings.retries')}</legend>
        <Field label={t('settings.maxRetries')} fault={faultAt(error, 'retryPolicy.maxRetries')}>
          {(ids) => (
            <input
              {...ids}
              name="maxRetries"
              type="number"
              min={0}
              max={50}
              required
              defaultValue={retryPolicy.maxRetries}
            />
          )}
        </Field>
        <Field
          label={t('settings.delays')}
          hint={t('settings.delaysHint')}
          fault={delaysFault ?? faultAt(error, 'retryPolicy.retryDelays')}
        >
          {(ids) => (
            <input {...ids} name="retryDelays" required dir="ltr" defaultValue={retryPolicy.retryDelays.join(', ')} />
          )}
        </Field>
        <Check name="exponentialBackoff" label={t('settings.backoff')} isOn={retryPolicy.exponentialBackoff} />
      </fieldset>
      <fieldset disabled={!may}>
        <legend>{t('settings.security')}</legend>
        <Check name="signatureValidation" label={t('settings.signature')} isOn={security.signatureValidation} />
        <Field
          label={t('settings.addresses')}
          hint={t('settings.addressesHint')}
          fault={faultAt(error, 'security.ipWhitelist')}
        >
          {(ids) => (
            <textarea {...ids} name="ipWhitelist" rows={2} dir="ltr" defaultValue={security.ipWhitelist.join('\n')} />
          )}
        </Field>
      </fieldset>
      <RateLimit limits={security.rateLimiting} isDisabled={!may} />
      <FormFoot error={error} onClose={onClose}>
        <button
          type="submit"
          className="primary"
          disabled={!may || update.isPending}
          title={may ? undefined : t('state.needsRole', { role: 'admin' })}
        >
          {t(update.isPending ? 'state.saving' : 'state.save')}
        </button>
      </FormFoot>
    </form>
  )
}

function RateLimit({
  limits,
  isDisabled,
}: {
  readonly limits: ConfigurationFragment['security']['rateLimiting']
  readonly isDisabled: boolean
}) {
  const { t } = useText()
  return (
    <fieldset disabled={isDisabled}>
      <legend>{t('settings.rate')}</legend>
      <Check name="rateEnabled" label={t('settings.rateEnabled')} isOn={limits.enabled} />
      <div className="pair">
        <Field label={t('settings.maxRequests')}>
          {(ids) => (
            <input {...ids} name="maxRequests" type="number" min={1} required defaultValue={limits.maxRequests} />
          )}
        </Field>
        <Field label={t('settings.windowMs')}>
          {(ids) => <input {...ids} name="windowMs" type="number" min={100} required defaultValue={limits.windowMs} />}
        </Field>
      </div>
      <Check name="skipSuccessful" label={t('settings.skipSuccessful')} isOn={limits.skipSuccessfulRequests} />
      <Check name="skipFailed" label={t('settings.skipFailed')} isOn={limits.skipFailedRequests} />
    </fieldset>
  )
}

function Check({ name, label, isOn }: { readonly name: string; readonly label: string; readonly isOn: boolean }) {
  return (
    <label className="check">
      <input type="checkbox" name={name} defaultChecked={isOn} />
      <span>{label}</span>
    </label>
  )
}
