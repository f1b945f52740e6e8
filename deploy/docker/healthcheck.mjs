// The image's HEALTHCHECK: exit 0 when this container's orderwire can take orders (GET /health answers 200, ok or degraded).
// Without PORT the role's default port is not known here, so each of the three is asked.
// `helm test` gives the addresses to ask, all of which must answer `ok` (--strict).
const DEFAULT_PORTS = [4000, 4001, 4002]
const TIMEOUT_MS = 4_000

const urls = process.argv.filter((argument) => argument.startsWith('http'))
const isStrict = process.argv.includes('--strict')
const ports = process.env.PORT ? [Number(process.env.PORT)] : DEFAULT_PORTS
const own = ports.map((port) => `http://127.0.0.1:${port}/health`)

async function isHealthy(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  const report = await answer.text()
  if (!answer.ok || (isStrict && JSON.parse(report).status !== 'ok'))
    throw new Error(`${url} answers ${answer.status}: ${report}`)
}

try {
  await (urls.length > 0 ? Promise.all(urls.map(isHealthy)) : Promise.any(own.map(isHealthy)))
} catch (error) {
  console.error(error instanceof AggregateError ? error.errors.map(({ message }) => message).join('; ') : error)
  process.exitCode = 1
}
