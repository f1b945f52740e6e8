import { z } from 'zod'

/** Where events go. */
export const webhookUrlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2_000)
  .refine((url) => !hasCredentials(url), 'must not hold a user or password')

/** Which events go there: provider event names or canonical types; `*` is all. */
export const webhookEventsSchema = z
  .array(z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must be event names'))
  .min(1, 'must name at least one event, or "*"')
  .max(50)

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}
