import type { ClientConfigInput } from '../../api/generated'

/** Numbers between commas; undefined where something else is there too. */
export function readNumbers(text: string): readonly number[] | undefined {
  const numbers = text
    .split(/[\s,،]+/)
    .filter(Boolean)
    .map(Number)
  return numbers.length > 0 && numbers.every((each) => Number.isInteger(each) && each >= 0) ? numbers : undefined
}

/** The form of a client's settings as the API takes it. */
export function readSettings(form: FormData, retryDelays: readonly number[]): ClientConfigInput {
  const isOn = (name: string): boolean => form.get(name) !== null
  return {
    retryPolicy: {
      maxRetries: Number(form.get('maxRetries')),
      retryDelays,
      exponentialBackoff: isOn('exponentialBackoff'),
    },
    security: {
      signatureValidation: isOn('signatureValidation'),
      ipWhitelist: String(form.get('ipWhitelist') ?? '')
        .split(/\s+/)
        .filter(Boolean),
      rateLimiting: {
        enabled: isOn('rateEnabled'),
        maxRequests: Number(form.get('maxRequests')),
        windowMs: Number(form.get('windowMs')),
        skipSuccessfulRequests: isOn('skipSuccessful'),
        skipFailedRequests: isOn('skipFailed'),
      },
    },
  }
}
