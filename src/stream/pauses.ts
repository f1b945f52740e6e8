import { z } from 'zod'
import type { StreamConnection } from './connection.js'

const pauseSchema = z.object({ holder: z.string(), webhookId: z.string(), waitMs: z.number() })

/** Tells the other processes what an endpoint asked for; not stored, since it is over soon. */
export type Pauses = { tell(webhookId: string, waitMs: number): void; close(): void }

/** @param onPause told of what the others were asked: nothing to be sent to an endpoint for `waitMs` from now */
export function sharePauses(
  { nc }: StreamConnection,
  options: { readonly subject: string; readonly holder: string; onPause(webhookId: string, waitMs: number): void },
): Pauses {
  const { subject, holder, onPause } = options
  const subscription = nc.subscribe(subject, {
    callback: (_, message) => {
      const pause = pauseSchema.safeParse(message.json())
      if (pause.success && pause.data.holder !== holder) onPause(pause.data.webhookId, pause.data.waitMs)
    },
  })
  return {
    tell: (webhookId, waitMs) => {
      if (!nc.isClosed()) nc.publish(subject, JSON.stringify({ holder, webhookId, waitMs }))
    },
    close: () => subscription.unsubscribe(),
  }
}
