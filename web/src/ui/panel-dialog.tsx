import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useText } from '../text/text'

/** A modal dialog of the platform: focus stays in it, Escape closes it, focus returns where it was. */
export function PanelDialog({
  title,
  kind,
  onClose,
  children,
}: {
  readonly title: ReactNode
  /** At the side, for looking; in the middle, for filling in. */
  readonly kind: 'drawer' | 'sheet'
  onClose(): void
  readonly children: ReactNode
}) {
  const { t } = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop is a convenience beside Escape and the button
    <dialog
      ref={dialog}
      className={kind}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close()
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            className="quiet icon"
            aria-label={t('state.close')}
            onClick={() => dialog.current?.close()}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
