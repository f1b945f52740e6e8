// `npm test`: everything a change must pass, in order, and one closing line `N passed, N failed`. A gate counts as one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bootstrap, ROOT } from './bootstrap.mjs'
import { findChromium, NO_CHROMIUM } from './chromium.mjs'

const OPENAPI = join('scripts', 'test-openapi.mjs')
/** How a gate ends that could not be tried: without its tool CI has failed, and a machine of one's own is told. */
const LEFT_OUT = 77

const STEPS = [
  { title: 'format and lint (Biome)', gate: ['biome', 'check', '--error-on-warnings'] },
  { title: 'types (tsc, strict)', gate: ['tsc', '-p', '.', '--noEmit'] },
  { title: 'types of the dashboard', gate: ['tsc', '-p', 'web', '--noEmit'] },
  { title: 'types of the browser test', gate: ['tsc', '-p', 'test/browser', '--noEmit'] },
  // What ships is what the bench measures and the processes under test run.
  { title: 'build', gate: ['node', join('scripts', 'build.mjs')] },
  { title: 'unit tests', project: 'unit' },
  { title: 'deployment files', project: 'deploy' },
  { title: 'security tests', project: 'security' },
  { title: 'integration tests on the local stack', project: 'integration' },
  { title: 'REST as its OpenAPI document says, short form', gate: ['node', OPENAPI, '--short'] },
  // Its tools are built once, some minutes on a small machine: a step of its own that says so.
  { title: 'chart', project: 'chart' },
  { title: 'dashboard in a real Chromium', browser: true },
  { title: 'drill, short form', gate: ['tsx', 'dev/drill/drill.ts', '--short'] },
  { title: 'performance tests', project: 'performance' },
  { title: 'bench ingest, short form', gate: ['tsx', 'bench/ingest.ts', '--short'] },
  { title: 'bench fairness, short form', gate: ['tsx', 'bench/fairness.ts', '--short'] },
]

bootstrap()
const folder = mkdtempSync(join(tmpdir(), 'orderwire-test-'))
const sum = { passed: 0, failed: 0 }
for (const [index, step] of STEPS.entries()) {
  console.log(`\n── ${step.title} (${index + 1}/${STEPS.length})`)
  const startedAt = Date.now()
  const counted = step.gate ? runGate(step.gate) : step.browser ? runBrowser() : runProject(step.project)
  sum.passed += counted.passed
  sum.failed += counted.failed
  console.log(
    `── ${counted.passed} passed, ${counted.failed} failed in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`,
  )
}
rmSync(folder, { recursive: true, force: true })
console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
process.exit(sum.failed === 0 ? 0 : 1)

function run([tool, ...args]) {
  return spawnSync(tool === 'node' ? process.execPath : join(ROOT, 'node_modules', '.bin', tool), args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  }).status
}

function runGate(command) {
  const status = run(command)
  if (status === LEFT_OUT && !process.env.CI) return { passed: 0, failed: 0 }
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Without a Chromium CI has failed; on a machine of one's own the step is left out, and says so. */
function runBrowser() {
  const chromium = findChromium()
  if (chromium !== undefined) {
    process.env.CHROMIUM_PATH = chromium
    return runProject('browser')
  }
  console.error(NO_CHROMIUM)
  return { passed: 0, failed: process.env.CI ? 1 : 0 }
}

/** A run that found no test, or that failed outside its tests, has failed. */
function runProject(project) {
  const report = join(folder, `${project}.json`)
  const status = run([
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { passed, failed } = readReport(report)
  return { passed, failed: failed > 0 ? failed : status === 0 && passed > 0 ? 0 : 1 }
}

function readReport(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    // Vitest died before it could write: the caller counts that as a failure.
    return { passed: 0, failed: 0 }
  }
}
