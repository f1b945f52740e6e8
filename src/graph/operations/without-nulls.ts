/** GraphQL says null where it was told nothing; our filters leave it out. */
export function withoutNulls<T extends object>(given: { readonly [name in keyof T]?: T[name] | null | undefined }): T {
  // Only what was given is left, and that is as T has it.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined)) as T
}
