import { useText } from '../../text/text'
import { CopyButton } from '../../ui/parts'

/** Shown once: nothing keeps them but who reads this. */
export function Secrets({
  lead,
  made,
  onClose,
}: {
  readonly lead: string
  readonly made: {
    readonly url?: string
    readonly secretKey: string
    readonly apiKey: string | null
    readonly signingSecret: string
  }
  onClose(): void
}) {
  const { t } = useText()
  const shown = [
    [t('register.sendTo'), made.url],
    [t('register.secretKey'), made.secretKey],
    [t('register.apiKey'), made.apiKey],
    [t('register.signingSecret'), made.signingSecret],
  ] as const
  return (
    <div className="form">
      <p role="status">{lead}</p>
      <dl className="secrets">
        {shown.map(
          ([name, value]) =>
            value != null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <code dir="ltr">{value}</code>
                  <CopyButton value={value} label={name} />
                </dd>
              </div>
            ),
        )}
      </dl>
      <footer className="form-foot">
        <button type="button" className="primary" onClick={onClose}>
          {t('register.understood')}
        </button>
      </footer>
    </div>
  )
}
