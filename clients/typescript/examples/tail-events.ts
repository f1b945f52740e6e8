// Prints what happens, live, for as long as it runs; stops after COUNT events where that is set.
// ORDERWIRE_URL=http://127.0.0.1:4000 ORDERWIRE_TOKEN=$(npx orderwire token) node --import tsx tail-events.ts
import { WebSocket } from 'ws'
import { createClient, operations } from '../src/index.js'

const { ORDERWIRE_URL = 'http://127.0.0.1:4000', ORDERWIRE_TOKEN = '', COUNT, AFTER } = process.env
const client = createClient({ url: ORDERWIRE_URL, token: ORDERWIRE_TOKEN, webSocket: WebSocket })

const { health } = await client.request(operations.health, {})
console.log(`The installation is ${health.status}`)

let left = COUNT === undefined ? Number.POSITIVE_INFINITY : Number(COUNT)
for await (const event of client.events(AFTER === undefined ? {} : { after: AFTER })) {
  console.log(event.cursor, event.kind, event.provider, event.eventId, event.stage)
  left -= 1
  if (left === 0) break
}
