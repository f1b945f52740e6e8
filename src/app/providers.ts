import { readFileSync } from 'node:fs'
import { ConfigError } from '../config/config.js'
import { parseProvidersFile } from '../providers/configured.js'
import { BUILT_IN_TABLES, createProviderRegistry, type ProviderRegistry } from '../providers/registry.js'

/** The built-in providers and those of `PROVIDERS_FILE`. Throws ConfigError with a sentence for every fault in the file. */
export function loadProviders(file: string | null): ProviderRegistry {
  if (file === null) return createProviderRegistry()
  const parsed = parseProvidersFile(readText(file), new Set(BUILT_IN_TABLES.map(({ name }) => name)))
  if (!parsed.ok) throw new ConfigError(parsed.faults.map((fault) => `PROVIDERS_FILE ${file}: ${fault}`).join('\n'))
  return createProviderRegistry(parsed.tables)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`PROVIDERS_FILE ${file} cannot be read.`, { cause: error })
  }
}
