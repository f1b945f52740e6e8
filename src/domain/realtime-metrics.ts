import { z } from 'zod'

/** All instances together at a moment, over the ten seconds before it. Shares are 0…1, times milliseconds. */
export const realtimeMetricsSchema = z
  .object({
    /** RFC 3339 UTC with ms. */
    at: z.string(),
    /** Processes that have told of themselves. */
    instances: z.number(),
    /** Webhooks answered a second. */
    currentRPS: z.number(),
    /** Webhooks answered in the window. */
    requests: z.number(),
    /** From a whole webhook to its answer. */
    avgResponseTime: z.number(),
    /** Share of webhooks answered 4xx or 5xx. */
    errorRate: z.number(),
    /** Delivery attempts a second. */
    deliveriesPerSecond: z.number(),
    /** An attempt took. */
    avgDeliveryTime: z.number(),
    /** Null where none was made. */
    p50DeliveryTime: z.number().nullable().default(null),
    p95DeliveryTime: z.number().nullable().default(null),
    /** Share of attempts that did not deliver. */
    deliveryErrorRate: z.number(),
    /** Open GraphQL sockets. */
    activeConnections: z.number(),
    /** Of the instance that uses the most of its limit. */
    memoryUsage: z.number(),
    memoryBytes: z.number(),
    /** Of the instance that uses the most of its CPUs. */
    cpuUsage: z.number(),
    /** Events and deliveries that wait for a worker or are in its hands. */
    queueDepth: z.number(),
    /** Deliveries given up that are still kept. */
    deadLetters: z.number(),
  })
  .readonly()
export type RealtimeMetrics = z.infer<typeof realtimeMetricsSchema>
