import { startReceiver } from '../../dev/receiver/receiver.js'

// A point of sale in a process of its own, so that its work is not counted as waiting time of the callers that a load
// test measures. Says where it listens; a message from the parent sets the status it answers.
let status = 200
const pos = await startReceiver({ keep: 10, reply: () => ({ status }) })
process.on('message', (message: { status: number }) => {
  status = message.status
})
process.on('disconnect', () => process.exit())
process.send?.({ url: pos.url })
