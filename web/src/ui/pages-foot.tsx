import { useText } from '../text/text'

/** How much of a list is shown, and the next page. */
export function PagesFoot({
  shown,
  total,
  pages,
}: {
  readonly shown: number
  readonly total: number
  readonly pages: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    fetchNextPage(): Promise<unknown>
  }
}) {
  const { t, number } = useText()
  return (
    <footer className="panel-foot">
      <span>{t('state.of', { shown: number(shown), total: number(total) })}</span>
      {pages.hasNextPage && (
        <button type="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('state.more')}
        </button>
      )}
    </footer>
  )
}
