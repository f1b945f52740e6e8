import { type FormEvent, useState } from 'react'
import { type SignedOut, signIn } from '../api/session'
import { useText } from '../text/text'

export function SignIn({ reason }: SignedOut) {
  const { t, language, setLanguage } = useText()
  const [token, setToken] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (token.trim() !== '') signIn(token)
  }
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <p className="brand-name">orderwire</p>
        <h1>{t('signIn.title')}</h1>
        <p id="token-hint">{t('signIn.lead')}</p>
        <div className="field">
          <label htmlFor="token">{t('signIn.token')}</label>
          <input
            id="token"
            type="password"
            autoComplete="off"
            required
            dir="ltr"
            aria-describedby="token-hint"
            value={token}
            onChange={({ target }) => setToken(target.value)}
          />
        </div>
        {reason !== 'none' && (
          <p role="alert" data-tone={reason === 'refused' ? 'bad' : undefined}>
            {t(`signIn.${reason}`)}
          </p>
        )}
        <button type="submit" className="primary">
          {t('signIn.button')}
        </button>
      </form>
      <button
        type="button"
        className="quiet"
        lang={language === 'en' ? 'ar' : 'en'}
        onClick={() => setLanguage(language === 'en' ? 'ar' : 'en')}
      >
        {t('app.language')}
      </button>
    </main>
  )
}
