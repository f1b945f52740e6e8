/** E11000: a document with this key exists (and did not match the filter of an upsert). */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11_000
}
