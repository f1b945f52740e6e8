/** Something a client's admins are to know about an endpoint. Carried by the NOTICES stream, never sent to the endpoint itself. */
export type Notice = {
  readonly v: 1
  /** `endpoint_down`: its breaker opened, deliveries are held. `endpoint_up`: it answers again. `endpoint_disabled`: it said 410. */
  readonly kind: 'endpoint_down' | 'endpoint_up' | 'endpoint_disabled'
  readonly at: string
  readonly clientId: string
  readonly webhookId: string
  readonly provider: string
  readonly url: string
  readonly reason: string
}
