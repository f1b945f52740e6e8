import { type InstanceSample, instanceSampleSchema } from '../domain/instance-sample.js'
import type { StreamConnection } from './connection.js'

/** Tells every instance that listens; nothing is stored. A link that is down loses the sample, which the next one makes up. */
export function publishSample({ nc }: StreamConnection, subject: string, sample: InstanceSample): void {
  if (nc.isClosed()) return
  nc.publish(subject, JSON.stringify(sample))
}

/** Every instance's samples from now on, this one's too, until the connection closes or `stop` is called. */
export function followSamples(
  { nc }: StreamConnection,
  subject: string,
  onSample: (sample: InstanceSample) => void,
): { stop(): void } {
  const subscription = nc.subscribe(subject, {
    callback: (error, message) => {
      if (error !== null) return
      const parsed = instanceSampleSchema.safeParse(parse(message.data))
      // Another version's, in the middle of an upgrade: it is left out.
      if (parsed.success) onSample(parsed.data)
    },
  })
  return { stop: () => subscription.unsubscribe() }
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data))
  } catch {
    // Not ours: the schema refuses it.
    return undefined
  }
}
