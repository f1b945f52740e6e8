import { RotateSecretDocument } from '../../api/generated'
import { useChange } from '../../api/hooks'
import { useText } from '../../text/text'
import { FormFoot } from '../../ui/form-foot'
import { PanelDialog } from '../../ui/panel-dialog'
import { Secrets } from './secrets'

/** New secrets; the old ones are taken beside them until the time it says. */
export function RotateSheet({ webhookId, onClose }: { readonly webhookId: string; onClose(): void }) {
  const { t, time } = useText()
  const rotate = useChange(RotateSecretDocument)
  const made = rotate.data?.rotateSecret
  return (
    <PanelDialog kind="sheet" title={t('rotate.title')} onClose={onClose}>
      {made !== undefined ? (
        <Secrets lead={t('rotate.done', { time: time(made.previousValidUntil) })} made={made} onClose={onClose} />
      ) : (
        <div className="form">
          <p>{t('rotate.question')}</p>
          <FormFoot error={rotate.error} onClose={onClose}>
            <button
              type="button"
              className="primary"
              disabled={rotate.isPending}
              onClick={() => rotate.mutate({ webhookId })}
            >
              {t('connections.rotate')}
            </button>
          </FormFoot>
        </div>
      )}
    </PanelDialog>
  )
}
