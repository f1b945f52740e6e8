import { useSearchParams } from 'wouter'
import type { Period } from '../api/generated'
import { useText } from '../text/text'

const PERIODS: readonly Period[] = ['HOUR', 'DAY', 'WEEK', 'MONTH']

/** The period that the address states, and what changes it. */
export function usePeriod(): readonly [Period, (period: Period) => void] {
  const [search, setSearch] = useSearchParams()
  const period = PERIODS.find((each) => each === search.get('period')) ?? 'DAY'
  const set = (next: Period): void =>
    setSearch(
      (before) => new URLSearchParams([...[...before].filter(([name]) => name !== 'period'), ['period', next]]),
      {
        replace: true,
      },
    )
  return [period, set]
}

export function PeriodChoice({ period, onChange }: { readonly period: Period; onChange(period: Period): void }) {
  const { t } = useText()
  return (
    <fieldset className="segments">
      <legend className="unseen">{t('performance.period')}</legend>
      {PERIODS.map((each) => (
        <label key={each}>
          <input type="radio" name="period" checked={each === period} onChange={() => onChange(each)} />
          <span>{t(`period.${each}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}
