type Categorised = { readonly categoryIds: readonly string[] }
type Category = { readonly externalId: string }

/** Items by category in the menu's order, each in its first; those of none that is known come last, without one. */
export function sections<Item extends Categorised, Known extends Category>({
  categories,
  items,
}: {
  readonly categories: readonly Known[]
  readonly items: readonly Item[]
}): readonly { readonly category: Known | undefined; readonly items: readonly Item[] }[] {
  const known = new Set(categories.map(({ externalId }) => externalId))
  const placeOf = (item: Item): string | undefined => item.categoryIds.find((id) => known.has(id))
  return [...categories, undefined]
    .map((category) => ({ category, items: items.filter((item) => placeOf(item) === category?.externalId) }))
    .filter((section) => section.items.length > 0)
}
