import { type Live, openLive } from '../stream/live.js'
import type { Context } from './context.js'
import { type LiveMetrics, openLiveMetrics } from './live-metrics.js'

/** What a process hears of the whole installation, once for all who want to know. */
export type Following = { readonly activity: Live; readonly metrics: LiveMetrics; close(): Promise<void> }

export async function openFollowing(context: Context): Promise<Following> {
  const { connection, topology, loggers } = context
  const activity = await openLive(connection, {
    stream: topology.streams.activity.name,
    onError: (error) => loggers.stream.warn({ err: error }, 'following activity failed; trying again'),
  })
  const metrics = openLiveMetrics(context)
  return {
    activity,
    metrics,
    close: async () => {
      metrics.close()
      await activity.close()
    },
  }
}
