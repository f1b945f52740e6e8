// A point of sale that can be killed at any moment: it writes down each delivery before it answers, and fails now and then.
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [port, file] = process.argv.slice(2)
const FAIL_SHARE = 0.03

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    // Somebody looks whether it is up.
    if (request.method !== 'POST') return response.end()
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const subject = body.data.order ?? body.data.change
    const status = Math.random() < FAIL_SHARE ? 500 : 200
    const line = {
      id: request.headers['webhook-id'],
      path: request.url,
      order: body.data.order?.externalId ?? body.data.change?.orderExternalId,
      revision: subject?.revision ?? 0,
      attempt: body.attempt,
      status,
      at: Date.now(),
    }
    appendFileSync(file, `${JSON.stringify(line)}\n`)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end('{}')
  })
}).listen(Number(port), '127.0.0.1')
