/** A platform's payload as JSON to answer with; what is no JSON (never stored, but be safe) as the text itself. */
export function payloadJson(payload: string | null): unknown {
  if (payload === null) return null
  try {
    return JSON.parse(payload)
  } catch {
    // Shown as it is: a log is read by people.
    return payload
  }
}
