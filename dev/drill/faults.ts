import { setTimeout as wait } from 'node:timers/promises'
import { connect } from 'nats'
import type { World } from './world.js'

/** Something that goes wrong, and is put right again before it ends. */
export type Fault = { readonly name: string; inflict(world: World): Promise<void> }

const DOWN_MS = 1_500
/** Longer than the broker waits for an acknowledgement, now and then: another process takes over meanwhile. */
const PAUSE_MS = 3_000
const LONG_PAUSE_MS = 12_000
const FILLER = 'FILLER'

type PartName = keyof World['parts']

const killing = (name: PartName): Fault => ({
  name: `kill -9 ${name}`,
  inflict: async ({ parts }) => {
    await parts[name].kill()
    await wait(DOWN_MS)
    await parts[name].start()
  },
})

const pausing = (name: PartName, ms = PAUSE_MS): Fault => ({
  name: `SIGSTOP ${name} for ${ms / 1_000} s`,
  inflict: async ({ parts }) => {
    parts[name].pause()
    await wait(ms)
    parts[name].resume()
  },
})

const skewing = (name: PartName, ms: number): Fault => ({
  name: `clock of ${name} ${ms > 0 ? '+' : ''}${ms / 1_000} s`,
  inflict: async ({ parts }) => {
    await parts[name].kill()
    await parts[name].start({ DRILL_CLOCK_SKEW_MS: String(ms) })
    await wait(PAUSE_MS)
    await parts[name].kill()
    await parts[name].start()
  },
})

const linking = (
  name: string,
  link: 'natsLink' | 'receiverLink',
  act: (proxy: World['natsLink']) => Promise<void> | void,
): Fault => ({
  name,
  inflict: async (world) => {
    await act(world[link])
  },
})

const delaying = async (proxy: World['natsLink'], ms: number): Promise<void> => {
  proxy.delay(ms)
  await wait(PAUSE_MS)
  proxy.delay(0)
}
const swallowing = async (proxy: World['natsLink']): Promise<void> => {
  proxy.swallow(true)
  await wait(PAUSE_MS)
  proxy.swallow(false)
}

/** Fills what nats-server may keep, so that nothing more can be stored, and makes room again. */
const fillingDisk: Fault = {
  name: "JetStream's disk quota filled",
  inflict: async ({ stack }) => {
    const connection = await connect({ servers: stack.natsUrl })
    try {
      const manager = await connection.jetstreamManager()
      const stream = connection.jetstream()
      await manager.streams.add({ name: FILLER, subjects: ['filler'] })
      const block = new Uint8Array(7 * 1024 * 1024)
      // Refused once the quota is reached.
      for (let full = false; !full; ) {
        full = await stream.publish('filler', block).then(
          () => false,
          () => true,
        )
      }
      await wait(PAUSE_MS)
      await manager.streams.delete(FILLER)
    } finally {
      await connection.close()
    }
  },
}

/** All there are, in the order of a round. */
export const FAULTS: readonly Fault[] = [
  killing('processors'),
  killing('nats'),
  pausing('processors', LONG_PAUSE_MS),
  killing('receiver'),
  fillingDisk,
  killing('ingress'),
  linking('NATS link cut', 'natsLink', (proxy) => proxy.drop()),
  skewing('processors', 90_000),
  killing('mongo'),
  pausing('nats'),
  pausing('receiver', 5_000),
  killing('graph'),
  linking('NATS link delayed by 150 ms', 'natsLink', (proxy) => delaying(proxy, 150)),
  pausing('ingress'),
  killing('processors2'),
  linking('NATS link swallows everything', 'natsLink', swallowing),
  pausing('mongo'),
  linking('receiver link cut', 'receiverLink', (proxy) => proxy.drop()),
  pausing('processors2', LONG_PAUSE_MS),
  skewing('ingress', -60_000),
  pausing('graph'),
  linking('receiver link delayed by 300 ms', 'receiverLink', (proxy) => delaying(proxy, 300)),
  skewing('processors2', -90_000),
  linking('receiver link swallows everything', 'receiverLink', swallowing),
]
