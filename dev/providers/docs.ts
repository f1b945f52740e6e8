import type { ProviderTable } from '../../src/providers/table.js'
import { ordersOf, traceOrder } from '../../src/providers/trace.js'

export const MAPPING_START = '<!-- mapping: written by `npm run docs:providers` -->'
export const MAPPING_END = '<!-- /mapping -->'

/** A provider's page with its mapping section as its tables say. */
export function withMapping(page: string, tables: readonly ProviderTable[]): string {
  const section = `${MAPPING_START}\n\n${tables.map(mappingOf).join('\n')}\n${MAPPING_END}`
  const start = page.indexOf(MAPPING_START)
  const end = page.indexOf(MAPPING_END)
  if (start < 0 || end < start) return `${page.trimEnd()}\n\n${section}\n`
  return `${page.slice(0, start)}${section}${page.slice(end + MAPPING_END.length)}`
}

function mappingOf(table: ProviderTable): string {
  const events = Object.entries(table.events).map(([name, { type }]) => `| \`${name}\` | \`${type}\` |`)
  const orders = ordersOf(table).map(({ event, map }) => {
    const start = map.at === '' ? 'the body' : `\`${map.at}\``
    const rows = traceOrder(map)
      .filter(({ paths, how }) => paths.length > 0 || how === 'constant')
      .map(({ field, paths, how }) => `| \`${field}\` | ${placesOf(paths)} | ${how} |`)
    return [
      `#### The order in \`${event}\``,
      '',
      `Paths start at ${table.envelope === 'spec' ? `\`data\`, in ${start}` : start}.`,
      '',
      '| canonical | from | how |',
      '|---|---|---|',
      ...rows,
      '',
    ].join('\n')
  })
  const head = [`### Profile \`${table.profile}\``, '', '| event | becomes |', '|---|---|', ...events, '']
  return [...head, ...orders].join('\n')
}

function placesOf(paths: readonly string[]): string {
  return paths.length === 0 ? 'always the same' : paths.map((path) => `\`${path}\``).join(', ')
}
