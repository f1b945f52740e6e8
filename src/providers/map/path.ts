/**
 * A place in a platform's JSON: names joined by dots, `[]` for every element of a list, `[0]` or `[-1]` for one,
 * `[type=TIP]` for those whose `type` is that word.
 * `items[].groups[].options[]` is all options of all groups of all items, in order.
 */
export type Path = string

type Step =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'at'; readonly index: number }
  | { readonly kind: 'where'; readonly name: string; readonly word: string }

const compiled = new Map<Path, readonly Step[]>()

/** The values at a path: one, several where it goes through lists, none where something is missing. Never throws. */
export function valuesAt(value: unknown, path: Path): readonly unknown[] {
  let found: readonly unknown[] = [value]
  for (const step of stepsOf(path)) {
    found = found.flatMap((each) => follow(each, step))
    if (found.length === 0) break
  }
  return found
}

/** The first value at a path, undefined where there is none. Through names alone without a list made: ingress asks this way. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value
  for (const step of stepsOf(path)) {
    if (step.kind !== 'key') return valuesAt(value, path)[0]
    found = member(found, step.name)
    if (found === undefined) return undefined
  }
  return found
}

/** Whether a path goes through a list, so that there may be several values. */
export function isOfMany(path: Path): boolean {
  return stepsOf(path).some(({ kind }) => kind === 'all' || kind === 'where')
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

function follow(value: unknown, step: Step): readonly unknown[] {
  switch (step.kind) {
    case 'key': {
      const found = member(value, step.name)
      return found === undefined ? [] : [found]
    }
    case 'all':
      return Array.isArray(value) ? value : []
    case 'at': {
      const list = Array.isArray(value) ? value : []
      return step.index in list || step.index < 0 ? list.slice(step.index).slice(0, 1) : []
    }
    case 'where':
      return Array.isArray(value) ? value.filter((each) => member(each, step.name) === step.word) : []
  }
}

/** Paths are ours (tables and configuration), so the cache is bounded by them. */
function stepsOf(path: Path): readonly Step[] {
  const known = compiled.get(path)
  if (known !== undefined) return known
  const steps = [...path.matchAll(/\[(?:(\w+)=([^\]]*)|(-?\d*))\]|([^.[\]]+)/g)].map((parts): Step => {
    const [, property, word, index, name] = parts
    if (name !== undefined) return { kind: 'key', name }
    if (property !== undefined) return { kind: 'where', name: property, word: word ?? '' }
    return index === '' || index === undefined ? { kind: 'all' } : { kind: 'at', index: Number(index) }
  })
  compiled.set(path, steps)
  return steps
}
