import type { Language } from '../../text/text'

/** In the language of the page where the platform said it in that, else in any; its id where it has no name. */
export function itemName(
  { name, externalId }: { readonly name: unknown; readonly externalId: string },
  language: Language,
): string {
  if (typeof name !== 'object' || name === null) return externalId
  const names = new Map(Object.entries(name).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return names.get(language) ?? names.values().next().value ?? externalId
}
