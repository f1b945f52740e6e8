import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openErrorReports } from '../../../src/observability/error-reports.js'
import { createLoggers } from '../../../src/observability/logger.js'

it('records at error and above are reported to SENTRY_DSN, those below are not', async () => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      bodies.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const reports = await openErrorReports(`http://key@127.0.0.1:${port}/1`, 'graph')
  const loggers = createLoggers('info', {}, { onError: reports.report, destination: { write: () => undefined } })
  loggers.graph.error({ err: new Error('the database burns'), clientId: 'client-7' }, 'the API failed')
  loggers.graph.warn({ err: new Error('only smoke') }, 'trying again')
  await reports.close()
  server.close()
  const text = bodies.join('\n')
  expect(text).toContain('the database burns')
  expect(text).toContain('the API failed')
  expect(text).toContain('client-7')
  expect(text).toContain('"role":"graph"')
  expect(text).not.toContain('only smoke')
})
