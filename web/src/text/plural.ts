/** Forms by `Intl.PluralRules` category; `other` stands in for what is missing. */
export type Plural = { readonly other: string; readonly [category: string]: string }
