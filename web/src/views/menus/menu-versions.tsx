import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { MenuQuery } from '../../api/generated'
import { useText } from '../../text/text'
import { itemName } from './item-name'

export type OpenMenu = NonNullable<MenuQuery['menu']>
type Version = OpenMenu['versions'][number]

/** Named one by one up to here; a whole new menu is said in a number. */
const NAMED = 12

/** What each update changed, the newest first. */
export function MenuVersions({ menu }: { readonly menu: OpenMenu }) {
  const { t, time, number } = useText()
  return (
    <ol className="timeline">
      {menu.versions.toReversed().map((version) => (
        <li key={version.eventId} data-tone={version.errors.length > 0 ? 'bad' : 'accent'}>
          <strong>
            <Link href={`/menus?event=${encodeURIComponent(version.eventId)}`}>
              {t('menus.versionOf', { version: number(version.version) })}
            </Link>
          </strong>
          <time dateTime={version.occurredAt}>{time(version.occurredAt)}</time>
          {version.outcome === 'late' && <em>{t('menus.late')}</em>}
          {version.status !== null && <em>{t('menus.import', { status: version.status })}</em>}
          {version.errors.map((error) => (
            <bdi key={error} data-tone="bad">
              {error}
            </bdi>
          ))}
          <Changes version={version} items={menu.items} />
        </li>
      ))}
    </ol>
  )
}

function Changes({ version, items }: { readonly version: Version; readonly items: OpenMenu['items'] }) {
  const { t, money, language } = useText()
  const known = new Map(items.map((item) => [item.externalId, itemName(item, language)]))
  const named = (id: string): ReactNode => <bdi>{known.get(id) ?? id}</bdi>
  const { added, removed, price, availability } = version
  if (added.length + removed.length + price.length + availability.length === 0) return <em>{t('menus.unchanged')}</em>
  const amount = (of: Version['price'][number]['from']): string => (of === null ? '–' : money(of))
  return (
    <ul className="menu-changes">
      <Lines
        sign="+"
        tone="good"
        lines={added.map((id) => [id, named(id)])}
        more={(count) => t('menus.added', { count })}
      />
      <Lines
        sign="−"
        tone="bad"
        lines={removed.map((id) => [id, named(id)])}
        more={(count) => t('menus.removed', { count })}
      />
      <Lines
        sign="≠"
        tone="busy"
        lines={price.map(({ externalId, from, to }) => [
          externalId,
          <>
            {named(externalId)}: <del dir="auto">{amount(from)}</del> <ins dir="auto">{amount(to)}</ins>
          </>,
        ])}
        more={(count) => t('menus.prices', { count })}
      />
      <Lines
        sign="≠"
        tone="warn"
        lines={availability.map(({ externalId, available }) => [
          externalId,
          <>
            {named(externalId)}: {t(available ? 'menus.available' : 'menus.soldOut')}
          </>,
        ])}
        more={(count) => t('menus.availabilities', { count })}
      />
    </ul>
  )
}

function Lines({
  sign,
  tone,
  lines,
  more,
}: {
  readonly sign: string
  readonly tone: string
  readonly lines: readonly (readonly [string, ReactNode])[]
  more(count: number): string
}) {
  const rest = lines.length - NAMED
  return (
    <>
      {lines.slice(0, NAMED).map(([id, line]) => (
        <li key={id} data-tone={tone}>
          <b aria-hidden="true">{sign}</b> <span>{line}</span>
        </li>
      ))}
      {rest > 0 && (
        <li data-tone={tone}>
          <b aria-hidden="true">{sign}</b> {more(rest)}
        </li>
      )}
    </>
  )
}
