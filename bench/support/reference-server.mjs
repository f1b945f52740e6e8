// What ingest is compared with: bare uWebSockets.js that checks the signature and parses, and keeps nothing. Usage: PORT SECRET

import { App } from 'uWebSockets.js'
import { createHmac, timingSafeEqual } from 'node:crypto'

const [port, secret] = process.argv.slice(2)
App()
  .post('/webhooks/deliveroo/:client', (res, req) => {
    const signature = Buffer.from(req.getHeader('x-deliveroo-hmac-sha256'), 'base64')
    res.onAborted(() => undefined)
    const chunks = []
    res.onData((chunk, isLast) => {
      chunks.push(Buffer.from(Buffer.from(chunk)))
      if (!isLast) return
      const body = Buffer.concat(chunks)
      const isGenuine = timingSafeEqual(createHmac('sha256', secret).update(body).digest(), signature)
      JSON.parse(body.toString())
      res
        .writeStatus(isGenuine ? '200 OK' : '401 Unauthorized')
        .writeHeader('content-type', 'application/json')
        .end('{"success":true}')
    })
  })
  .listen('127.0.0.1', Number(port), () => console.log('listening'))
