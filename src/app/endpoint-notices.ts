import type { Notice } from '../domain/notice.js'
import type { Context } from './context.js'

/** To the client's admins by NOTICES and the log; never to the endpoint. */
export function tellBreaker(context: Context, webhookId: string, change: 'opened' | 'closed', openMs: number): void {
  const { loggers, directory } = context
  const webhook = directory
    .list()
    .flatMap(({ webhooks }) => webhooks)
    .find(({ id }) => id === webhookId)
  if (webhook === undefined) return
  const { clientId, provider, url } = webhook
  const down = change === 'opened'
  const reason = down
    ? `The endpoint keeps failing; its deliveries are held and it is probed again in ${openMs / 1_000} s`
    : 'The endpoint answers again; what was held is delivered'
  const kind = down ? 'endpoint_down' : 'endpoint_up'
  loggers.deliver.warn({ clientId, webhookId, change }, 'an endpoint changed its health')
  void publishNotice(context, {
    v: 1,
    kind,
    at: context.now().toISOString(),
    clientId,
    webhookId,
    provider,
    url,
    reason,
  })
}

/** Best effort: the state it tells of is also in the metrics. */
export async function publishNotice({ publishers, topology }: Context, notice: Notice): Promise<void> {
  await publishers.notices.publish({
    subject: topology.subjects.notice(notice.clientId, notice.webhookId, notice.kind),
    data: new TextEncoder().encode(JSON.stringify(notice)),
  })
}
