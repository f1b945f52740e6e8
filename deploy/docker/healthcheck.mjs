// The image's HEALTHCHECK: exit 0 when this container's orderwire can take orders (GET /health answers 200, ok or degraded).
// Without PORT the role's default port is not known here, so each of the three is asked.
const DEFAULT_PORTS = [4000, 4001, 4002]
const TIMEOUT_MS = 4_000

const ports = process.env.PORT ? [Number(process.env.PORT)] : DEFAULT_PORTS

async function isHealthy(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!answer.ok) throw new Error(`port ${port} answers ${answer.status}`)
}

try {
  await Promise.any(ports.map(isHealthy))
} catch (error) {
  console.error(error instanceof AggregateError ? error.errors.map(({ message }) => message).join('; ') : error)
  process.exitCode = 1
}
