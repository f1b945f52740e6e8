/** How many minor units are one of the currency: 100 of a dirham, 1,000 of a Kuwaiti dinar. */
export function minorUnits(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return 10 ** (maximumFractionDigits ?? 2)
}

type Amount = { readonly amount: number; readonly currency: string }

/** The largest number first: amounts of different currencies cannot be compared otherwise without rates. */
export function largestFirst<Each extends Amount>(amounts: readonly Each[]): readonly Each[] {
  return amounts.toSorted((a, b) => b.amount / minorUnits(b.currency) - a.amount / minorUnits(a.currency))
}
