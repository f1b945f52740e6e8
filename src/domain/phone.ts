import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * A phone number in E.164; null for what is no possible number, or is written the national way with no country known.
 * @param country ISO 3166 alpha-2
 */
export function toE164(written: string, country: string | null): string | null {
  // Long texts are no numbers; the parser would still look for one in them.
  if (written.length > 40) return null
  const known = country !== null && isSupportedCountry(country) ? (country as CountryCode) : undefined
  const parsed = parsePhoneNumberFromString(written, known)
  return parsed?.isPossible() === true ? parsed.number : null
}
