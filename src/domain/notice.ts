import { z } from 'zod'

/** Something a client's admins are to know about an endpoint. Carried by the NOTICES stream, never sent to the endpoint itself. */
export const noticeSchema = z
  .object({
    v: z.literal(1),
    /** `endpoint_down`: its breaker opened, deliveries are held. `endpoint_up`: it answers again. `endpoint_disabled`: it said 410. */
    kind: z.enum(['endpoint_down', 'endpoint_up', 'endpoint_disabled']),
    at: z.string(),
    clientId: z.string(),
    webhookId: z.string(),
    provider: z.string(),
    url: z.string(),
    reason: z.string(),
  })
  .readonly()
export type Notice = z.infer<typeof noticeSchema>
