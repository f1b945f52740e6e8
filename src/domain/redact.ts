/** The value with what stands at each path set to null; the same value where nothing does. Paths are dotted: `address.text`. */
export function redactPaths<T>(value: T, paths: readonly string[]): T {
  return paths.reduce<T>((redacted, path) => redactOne(redacted, path.split('.')), value)
}

function redactOne<T>(value: T, [name, ...rest]: readonly string[]): T {
  if (name === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value
  const known: unknown = Reflect.get(value, name)
  const next = rest.length === 0 ? null : redactOne(known, rest)
  return next === known ? value : { ...value, [name]: next }
}
