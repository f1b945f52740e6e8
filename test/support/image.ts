import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

type Instruction = { readonly word: string; readonly rest: string }
type Stage = { readonly name: string; readonly instructions: readonly Instruction[] }

/** The image's files and how it is run, made by doing what the Dockerfile says in folders: no engine is needed. */
export type Image = {
  readonly app: string
  readonly user: number
  readonly environment: Readonly<Record<string, string>>
  /** ENTRYPOINT, to which arguments are added. */
  readonly entrypoint: readonly string[]
}

/**
 * Carries out the Dockerfile's stages on what .dockerignore lets through. The stage `build` takes the dependencies that are
 * installed here; what the last one removes from its base (npm) is not ours to remove.
 */
export function makeImage(): Image {
  const stages = stagesOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))
  const last = stages.at(-1)
  const dependencies = stages.find(({ name }) => name === 'dependencies')
  if (last === undefined || dependencies === undefined) throw new Error('The Dockerfile has no stage `dependencies`')
  const folder = mkdtempSync(join(tmpdir(), 'orderwire-image-'))
  const at = { dependencies: join(folder, 'dependencies'), app: join(folder, 'app'), build: join(folder, 'build') }
  for (const each of Object.values(at)) mkdirSync(each)
  for (const path of contextOf(readFileSync(join(ROOT, '.dockerignore'), 'utf8')))
    cpSync(join(ROOT, path), join(at.build, path))
  symlinkSync(join(ROOT, 'node_modules'), join(at.build, 'node_modules'))
  shell('node scripts/build.mjs', at.build)
  for (const { word, rest } of dependencies.instructions) {
    if (word === 'COPY') copy(rest, at.build, at.dependencies)
    if (word === 'RUN') shell(rest, at.dependencies)
  }
  for (const { word, rest } of last.instructions) {
    if (word !== 'COPY') continue
    const [, from, what = rest] = /^--from=(\w+) (.+)$/.exec(rest) ?? []
    // In a stage, paths begin at its WORKDIR.
    copy(what.replace('/build/', './'), from === 'dependencies' ? at.dependencies : at.build, at.app)
  }
  chmodSync(folder, 0o755)
  execFileSync('chmod', ['-R', 'a+rX,a-w', at.app])
  const restOf = (word: string): string => last.instructions.find((each) => each.word === word)?.rest ?? ''
  const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(restOf('ENV')) ?? []
  return {
    app: at.app,
    user: Number.parseInt(restOf('USER'), 10),
    environment: { [name]: value },
    // The Dockerfile's own form is JSON.
    entrypoint: JSON.parse(restOf('ENTRYPOINT')) as string[],
  }
}

/** The files of git that .dockerignore lets through: all are out, then the last pattern that fits decides. */
function contextOf(ignore: string): readonly string[] {
  const patterns = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const fits = (path: string, pattern: string): boolean =>
    pattern === '*' || path === pattern || path.startsWith(pattern.endsWith('/') ? pattern : `${pattern}/`)
  const isIn = (path: string): boolean =>
    patterns.reduce((so, each) => (fits(path, each.replace('!', '')) ? each.startsWith('!') : so), true)
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return files.split('\n').filter((path) => path !== '' && isIn(path) && existsSync(join(ROOT, path)))
}

function stagesOf(dockerfile: string): readonly Stage[] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !/^\s*#/.test(line) && line.trim() !== '')
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
  const instructions = lines.map((line) => ({ word: line.split(' ')[0] ?? '', rest: line.replace(/^\w+\s+/, '') }))
  const starts = instructions.flatMap(({ word }, index) => (word === 'FROM' ? [index] : []))
  return starts.map((start, index) => ({
    name: / AS (\w+)$/i.exec(instructions[start]?.rest ?? '')?.[1] ?? '',
    instructions: instructions.slice(start + 1, starts[index + 1]),
  }))
}

function copy(paths: string, from: string, to: string): void {
  const names = paths.split(/\s+/)
  const target = names.pop() ?? '.'
  for (const name of names) {
    const isFolder = target === '.' || target === './' || target.endsWith('/')
    const file = isFolder ? join(to, target, name.split('/').at(-1) ?? name) : join(to, target)
    mkdirSync(dirname(file), { recursive: true })
    cpSync(join(from, name), file, { recursive: true })
  }
}

function shell(command: string, cwd: string): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-euc', command], { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`RUN ${command}\n${stdout}${stderr}`)
}
