import { describe, expect, it } from 'vitest'
import { startOwnStack, startTestApp, until } from '../support/app.js'

const DELAY_MS = 1_500

async function ask(url: string): Promise<{ readonly status: number; readonly connection: string | null }> {
  const { status, headers } = await fetch(url)
  return { status, connection: headers.get('connection') }
}

describe('what an orchestrator asks', () => {
  it('a stopping process is unready, and alive, while it still answers and sends its peers elsewhere', async () => {
    const app = await startTestApp({ environment: { SHUTDOWN_DELAY_MS: String(DELAY_MS) } })
    expect((await ask(`${app.url}/health/ready`)).status).toBe(200)
    const stopped = app.stop()
    expect(await ask(`${app.url}/health/ready`)).toEqual({ status: 503, connection: 'close' })
    expect(await ask(`${app.url}/health/live`)).toEqual({ status: 200, connection: 'close' })
    expect((await ask(`${app.url}/health`)).status).toBe(200)
    await stopped
    await expect(fetch(`${app.url}/health/live`)).rejects.toThrow('fetch failed')
  })

  it('without NATS a process is unready, and alive, for a restart would mend nothing', async () => {
    await using stack = await startOwnStack()
    const app = await startTestApp({ natsUrl: stack.natsUrl, mongoUrl: stack.mongoUrl })
    try {
      await stack.nats?.kill('SIGKILL')
      await until('it is unready', async () => (await ask(`${app.url}/health/ready`)).status === 503)
      expect((await ask(`${app.url}/health/live`)).status).toBe(200)
      await stack.nats?.start()
      await until('it is ready again', async () => (await ask(`${app.url}/health/ready`)).status === 200)
    } finally {
      await app.stop()
    }
  })
})
