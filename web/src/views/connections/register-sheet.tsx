import { type FormEvent, useState } from 'react'
import {
  ProvidersDocument,
  RegisterWebhookDocument,
  type RegisterWebhookMutation,
  type RegisterWebhookMutationVariables,
  WebhooksDocument,
} from '../../api/generated'
import { useApi, useChange } from '../../api/hooks'
import type { ApiFault } from '../../api/request'
import { useText } from '../../text/text'
import { PanelDialog } from '../../ui/panel-dialog'
import { Field, providerTitle } from '../../ui/parts'
import { Loaded } from '../../ui/states'
import { faultAt } from './fault-at'
import { readRegistration } from './read-registration'
import { Secrets } from './secrets'

export function RegisterSheet({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const register = useChange(RegisterWebhookDocument, [WebhooksDocument])
  return (
    <PanelDialog kind="sheet" title={t('register.title')} onClose={onClose}>
      {register.data === undefined ? (
        <RegisterForm register={register} />
      ) : (
        <Secrets lead={t('register.done')} made={register.data.registerWebhook} onClose={onClose} />
      )}
    </PanelDialog>
  )
}

function RegisterForm({
  register,
}: {
  readonly register: ReturnType<typeof useChange<RegisterWebhookMutation, RegisterWebhookMutationVariables>>
}) {
  const { t } = useText()
  const providers = useApi(ProvidersDocument, { variables: {} })
  const [chosen, setChosen] = useState('')
  const { error } = register
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    register.mutate({ input: readRegistration(new FormData(event.currentTarget)) })
  }
  return (
    <Loaded query={providers}>
      {({ providers: known }) => (
        <form className="form" onSubmit={submit}>
          <Field label={t('register.client')} hint={t('register.clientHint')} fault={faultAt(error, 'clientId')}>
            {(ids) => <input {...ids} name="clientId" required dir="ltr" autoComplete="off" />}
          </Field>
          <Field label={t('register.platform')} fault={faultAt(error, 'provider')}>
            {(ids) => (
              <select {...ids} name="platform" value={chosen} onChange={({ target }) => setChosen(target.value)}>
                {known.flatMap(({ name, profiles }) =>
                  profiles.map(({ profile, title }) => (
                    <option key={`${name} ${profile}`} value={`${name} ${profile}`}>
                      {title || providerTitle(name)} · {profile.toLowerCase()}
                    </option>
                  )),
                )}
              </select>
            )}
          </Field>
          <Field label={t('register.url')} hint={t('register.urlHint')} fault={faultAt(error, 'url')}>
            {(ids) => <input {...ids} name="url" type="url" required dir="ltr" placeholder="https://" />}
          </Field>
          <Field label={t('register.events')} hint={t('register.eventsHint')} fault={faultAt(error, 'events')}>
            {(ids) => <input {...ids} name="events" defaultValue="*" required dir="ltr" />}
          </Field>
          <Field label={t('register.secret')} hint={t('register.secretHint')} fault={faultAt(error, 'secretKey')}>
            {(ids) => <input {...ids} name="secretKey" dir="ltr" autoComplete="off" />}
          </Field>
          <PlatformApi error={error} />
          {error !== null && (
            <p role="alert" data-tone="bad">
              {error.message}
            </p>
          )}
          <footer className="form-foot">
            <button type="submit" className="primary" disabled={register.isPending}>
              {t('register.button')}
            </button>
          </footer>
        </form>
      )}
    </Loaded>
  )
}

/** Of platforms whose events only name the order: it is fetched there. */
function PlatformApi({ error }: { readonly error: ApiFault | null }) {
  const { t } = useText()
  return (
    <details className="json">
      <summary>{t('register.platformApi')}</summary>
      <div className="form json-body inset">
        <p className="soft">{t('register.platformApiHint')}</p>
        <Field label={t('register.platformClientId')} fault={faultAt(error, 'platformApi.clientId')}>
          {(ids) => <input {...ids} name="platformClientId" dir="ltr" autoComplete="off" />}
        </Field>
        <Field
          label={t('register.platformClientSecret')}
          hint={t('register.platformClientSecretHint')}
          fault={faultAt(error, 'platformApi.clientSecret')}
        >
          {(ids) => <input {...ids} name="platformClientSecret" type="password" dir="ltr" autoComplete="off" />}
        </Field>
      </div>
    </details>
  )
}
