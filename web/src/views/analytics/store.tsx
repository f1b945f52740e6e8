import { useSearchParams } from 'wouter'
import { AnalyticsDocument, type Period, type ProviderName } from '../../api/generated'
import { useApi } from '../../api/hooks'
import { useText } from '../../text/text'
import { providerTitle } from '../../ui/parts'

/** One store on one platform, or nothing: all of them. */
export type Store = { readonly provider?: ProviderName; readonly storeRef?: string }

/** The store that the address names. */
export function readStore(search: URLSearchParams): Store {
  const [provider, storeRef] = [search.get('provider'), search.get('store')]
  return {
    // The server refuses a provider it does not know, and the view shows what it says.
    ...(provider && { provider: provider as ProviderName }),
    ...(storeRef && { storeRef }),
  }
}

export function storeTitle({
  provider,
  storeRef,
}: {
  readonly provider: string
  readonly storeRef?: string | null
}): string {
  return storeRef ? `${providerTitle(provider)} · ${storeRef}` : providerTitle(provider)
}

/** The stores that had orders in the period. */
export function StoreChoice({ period }: { readonly period: Period }) {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const { data } = useApi(AnalyticsDocument, { variables: { period } })
  const chosen = readStore(search)
  const stores = data?.analytics.stores ?? []
  const known = chosen.provider === undefined || stores.some((each) => keyOf(each) === keyOf(chosen))
  const choose = (key: string): void => {
    const store = stores.find((each) => keyOf(each) === key)
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        next.delete('provider')
        next.delete('store')
        if (store !== undefined) next.set('provider', store.provider)
        if (store?.storeRef) next.set('store', store.storeRef)
        return next
      },
      { replace: true },
    )
  }
  return (
    <select
      aria-label={t('analytics.store')}
      value={chosen.provider === undefined ? '' : keyOf(chosen)}
      onChange={({ target }) => choose(target.value)}
    >
      <option value="">{t('analytics.everyStore')}</option>
      {!known && <option value={keyOf(chosen)}>{storeTitle({ provider: '', ...chosen })}</option>}
      {stores.map((store) => (
        <option key={keyOf(store)} value={keyOf(store)}>
          {storeTitle(store)}
        </option>
      ))}
    </select>
  )
}

function keyOf({ provider, storeRef }: { readonly provider?: string; readonly storeRef?: string | null }): string {
  return `${provider} ${storeRef ?? ''}`
}
