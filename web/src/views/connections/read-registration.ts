import type { Profile, ProviderName, RegisterWebhookInput } from '../../api/generated'

/** The form of a new connection as the API takes it. */
export function readRegistration(form: FormData): RegisterWebhookInput {
  const text = (name: string): string => String(form.get(name) ?? '').trim()
  // The options were made of these two words.
  const [provider, profile] = text('platform').split(' ') as [ProviderName, Profile]
  const secretKey = text('secretKey')
  const [clientId, clientSecret] = [text('platformClientId'), text('platformClientSecret')]
  return {
    clientId: text('clientId'),
    provider,
    profile,
    url: text('url'),
    events: text('events')
      .split(/[\s,]+/)
      .filter(Boolean),
    ...(secretKey !== '' && { secretKey }),
    ...((clientId !== '' || clientSecret !== '') && {
      platformApi: { clientId, ...(clientSecret !== '' && { clientSecret }) },
    }),
  }
}
