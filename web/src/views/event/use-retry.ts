import { RetryLogDocument } from '../../api/generated'
import { useChange } from '../../api/hooks'
import { useMay } from '../../api/session'
import { useText } from '../../text/text'
import { useAnnounce } from '../../ui/announce'

/** What a button needs to send an event's failed deliveries again; for operators. `stale` is asked for anew afterwards. */
export function useRetry(logId: string, stale: Parameters<typeof useChange>[1]) {
  const { t } = useText()
  const announce = useAnnounce()
  const may = useMay('operator')
  const retry = useChange(RetryLogDocument, stale)
  return {
    isPending: retry.isPending,
    button: {
      type: 'button' as const,
      disabled: !may || retry.isPending,
      title: may ? undefined : t('state.needsRole', { role: 'operator' }),
      onClick: () =>
        retry.mutate(
          { id: logId },
          { onSuccess: () => announce(t('event.retried')), onError: ({ message }) => announce(message, 'bad') },
        ),
    },
  }
}
