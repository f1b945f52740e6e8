import type { ReactNode } from 'react'
import { useText } from '../text/text'

/** The end of a sheet that asks something: what went wrong, the way out, and the buttons that do it. */
export function FormFoot({
  error = null,
  onClose,
  children,
}: {
  readonly error?: { readonly message: string } | null
  onClose(): void
  readonly children: ReactNode
}) {
  const { t } = useText()
  return (
    <>
      {error !== null && (
        <p role="alert" data-tone="bad">
          {error.message}
        </p>
      )}
      <footer className="form-foot">
        <button type="button" onClick={onClose}>
          {t('state.cancel')}
        </button>
        {children}
      </footer>
    </>
  )
}
