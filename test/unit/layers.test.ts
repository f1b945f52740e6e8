import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const importsOf = (file: string): string[] =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:^|\n)(?:import|export)[^'"]*?from '([^']+)'/g)].map(
    ([, from]) => from ?? '',
  )

/** Which folder of src may import which (types included); a folder always may import itself. ARCHITECTURE.md says why. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  domain: ['lib'],
  providers: ['domain', 'lib'],
  config: [],
  // One function per business event: it takes what the domain knows of it.
  observability: ['domain'],
  http: ['lib'],
  ingress: ['http', 'providers', 'domain', 'lib'],
  stream: ['domain', 'lib'],
  processors: ['providers', 'domain', 'lib'],
  // The store implements the ports that graph and record declare.
  store: ['graph/ports', 'processors/record/ports', 'processors/retention/retention', 'domain', 'lib'],
  graph: ['http', 'providers', 'domain', 'lib'],
  app: [
    'config',
    'observability',
    'http',
    'ingress',
    'stream',
    'processors',
    'store',
    'graph',
    'providers',
    'domain',
    'lib',
  ],
  // listen signs as deliver does, and stands on the client package.
  cli: [
    'app',
    'config',
    'observability',
    'graph',
    'domain',
    'processors/deliver/sign',
    '../clients/typescript/src/index',
  ],
  'main.ts': ['cli'],
}

/** Packages that only one place may import. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  nats: ['stream/'],
  mongodb: ['store/'],
  'uWebSockets.js': ['http/', 'graph/socket.ts', 'graph/operation-server.ts'],
  graphql: ['graph/'],
  'graphql-yoga': ['graph/'],
  '@pothos/core': ['graph/'],
  'graphql-ws': ['graph/'],
}

describe('the layers', () => {
  it.each(files)('%s imports only what its folder may', (file) => {
    const folder = file.split('/')[0] ?? ''
    const targets = importsOf(file)
      .filter((from) => from.startsWith('.'))
      .map((from) => relative(SRC, join(SRC, dirname(file), from)))
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])]
    const wrong = targets.filter(
      (target) =>
        !target.startsWith('../dev/') &&
        !allowed.some((prefix) => target === prefix || target.startsWith(`${prefix}/`) || target === `${prefix}.js`),
    )
    expect(MAY_IMPORT).toHaveProperty([folder])
    expect(wrong).toEqual([])
  })

  it.each(Object.entries(OWNERS))('%s is imported only by %s', (name, owners) => {
    const importers = files.filter((file) =>
      importsOf(file).some((from) => from === name || from.startsWith(`${name}/`)),
    )
    expect(importers.length).toBeGreaterThan(0)
    expect(importers.filter((file) => !owners.some((owner) => file.startsWith(owner)))).toEqual([])
  })

  it('reads the environment only in the commands, which hand it to config', () => {
    const readers = files.filter((file) => readFileSync(join(SRC, file), 'utf8').includes('process.env'))
    expect(readers.sort()).toEqual([
      'cli/import-logs.ts',
      'cli/migrate.ts',
      'cli/rewind.ts',
      'cli/serve.ts',
      'cli/token.ts',
    ])
  })

  it('has no cycle of imports', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((from) => from.startsWith('.'))
          .map((from) => relative(SRC, join(SRC, dirname(file), from)).replace(/\.js$/, '.ts')),
      ]),
    )
    const done = new Set<string>()
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
  })
})
