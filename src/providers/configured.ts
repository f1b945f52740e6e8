import { z } from 'zod'
import { configuredProviderSchema } from './configured-schema.js'
import type { ProviderTable } from './table.js'

/** Providers as an installation's own file defines them: all of a `ProviderTable` that is data. */
export type ProvidersFile =
  | { readonly ok: true; readonly tables: readonly ProviderTable[] }
  | { readonly ok: false; readonly faults: readonly string[] }

const fileSchema = z.strictObject({ providers: z.array(configuredProviderSchema).max(100) })

/** Reads a `PROVIDERS_FILE`. @param builtIn names it may not use */
export function parseProvidersFile(json: string, builtIn: ReadonlySet<string>): ProvidersFile {
  const value = parse(json)
  if (value === undefined) return { ok: false, faults: ['is not JSON.'] }
  const parsed = fileSchema.safeParse(value)
  if (!parsed.success)
    return { ok: false, faults: parsed.error.issues.map(({ path, message }) => `${placeOf(path)} ${message}.`) }
  const { providers } = parsed.data
  const faults = providers.flatMap(({ name, profile }, index) => {
    if (builtIn.has(name)) return [`providers[${index}]: "${name}" is a built-in provider's name.`]
    const first = providers.findIndex((other) => other.name === name && other.profile === profile)
    return first === index ? [] : [`providers[${index}]: "${name}" is defined twice in profile ${profile}.`]
  })
  return faults.length > 0 ? { ok: false, faults } : { ok: true, tables: providers.map(tableOf) }
}

function tableOf({ answer, title, ...rest }: z.infer<typeof configuredProviderSchema>): ProviderTable {
  const given = { ...rest, title: title ?? rest.name, confidence: 'A', ...(answer && { answer: () => answer }) }
  // The schema is that type's data; zod adds `undefined` to what may be left out, and does not tell that a list has an element.
  return given as unknown as ProviderTable
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Told in the file's own sentence.
    return undefined
  }
}

/** `providers[0].events["order.new"].order`, as one would write it. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((part) =>
    typeof part === 'number'
      ? `[${part}]`
      : /^\w+$/.test(String(part))
        ? `.${String(part)}`
        : `[${JSON.stringify(part)}]`,
  )
  return place.join('').replace(/^\./, '') || 'the file'
}
