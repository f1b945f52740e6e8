// `npm run new-provider -- <name>`: a provider that passes the conformance suite, to be changed into the real one.
// docs/providers/adding.md says how to go on.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
/** `PROVIDER_NAME_PATTERN` of src/domain/provider.ts, with words between the hyphens. */
const NAME = /^(?=.{1,32}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const REGISTRY = 'src/providers/registry.ts'

const [name = '', ...others] = process.argv.slice(2)
if (!NAME.test(name) || others.length > 0)
  stop('Usage: npm run new-provider -- <name>, of lower-case words joined by hyphens, 32 characters at most.')

const words = name.split('-')
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1)
const camel = [words[0], ...words.slice(1).map(capital)].join('')
const values = {
  NAME: name,
  CAMEL: camel,
  TITLE: words.map(capital).join(' '),
  HEADER: `X-${words.map(capital).join('-')}-Signature`,
}
const FILES = {
  'live.ts.txt': `src/providers/${name}/live.ts`,
  'sample.json.txt': `test/fixtures/${name}/live/order.created.json`,
  'page.md.txt': `docs/providers/${name}.md`,
}

// Everything is looked at before anything is written.
for (const place of [`src/providers/${name}`, ...Object.values(FILES)])
  if (existsSync(join(ROOT, place))) stop(`${place} exists already.`)
const registry = withProvider(readFileSync(join(ROOT, REGISTRY), 'utf8'))

for (const [template, file] of Object.entries(FILES)) {
  const text = readFileSync(join(ROOT, 'scripts/new-provider', template), 'utf8')
  mkdirSync(dirname(join(ROOT, file)), { recursive: true })
  writeFileSync(
    join(ROOT, file),
    text.replace(/__([A-Z]+)__/g, (_, key) => values[key]),
  )
}
writeFileSync(join(ROOT, REGISTRY), registry)
// Writes the page's mapping section.
const docs = spawnSync(process.execPath, ['--import', 'tsx', 'dev/providers/print-docs.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
})
if (docs.status !== 0) stop('The page has no mapping yet: `npm run docs:providers` writes it.')
console.log(`Wrote ${Object.values(FILES).join(', ')} and a line in ${REGISTRY}.
Next: make them the real platform's (docs/providers/adding.md), then npm run docs:providers, npm run schema and npm run test:unit.`)

/** The registry with the provider's import, among the others by name, and its line at the end of the list. */
function withProvider(source) {
  const lines = source.split('\n')
  const from = `./${name}/live`
  const line = `import { ${camel}Live } from '${from}.js'`
  const own = lines.flatMap((each, index) => {
    const [, path] = /^import .* from '(\.\/.*)\.js'$/.exec(each) ?? []
    return path === undefined ? [] : [{ path, index }]
  })
  const next = own.find(({ path }) => path > from)
  const last = own.at(-1)
  const start = lines.findIndex((each) => each.includes('BUILT_IN_TABLES'))
  const end = lines.indexOf(']', start)
  if (last === undefined || start < 0 || end < 0) stop(`${REGISTRY} is not as expected: add ${camel}Live by hand.`)
  lines.splice(end, 0, `  ${camel}Live,`)
  lines.splice(next === undefined ? last.index + 1 : next.index, 0, line)
  return lines.join('\n')
}

function stop(sentence) {
  console.error(sentence)
  process.exit(1)
}
