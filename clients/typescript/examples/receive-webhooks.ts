// An endpoint that believes only what orderwire signed: SIGNING_SECRET=whsec_… PORT=8080 node --import tsx receive-webhooks.ts
import { createServer } from 'node:http'
import { verifyWebhook, WebhookVerificationError } from '../src/index.js'

const { SIGNING_SECRET = '', PORT = '8080' } = process.env

const server = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  try {
    const event = await verifyWebhook({
      body: Buffer.concat(parts).toString('utf8'),
      headers: request.headers,
      secret: SIGNING_SECRET,
    })
    console.log(event.type, event.id)
    response.writeHead(204).end()
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error
    response.writeHead(401).end(error.message)
  }
})
server.listen(Number(PORT), '127.0.0.1', () => console.log('listening', JSON.stringify(server.address())))
