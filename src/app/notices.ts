import { noticeSchema } from '../domain/notice.js'
import { pause } from '../lib/wait.js'
import { clearWhatIsOver, type NoticePorts, takeNotice } from '../processors/alerts/notices.js'
import type { Notifier } from '../processors/alerts/notify.js'
import { decodeFact } from '../stream/codec.js'
import { lastMessage } from '../stream/direct-get.js'
import { startWorker } from '../stream/worker.js'
import type { Context } from './context.js'
import { decodeOrDrop } from './decode.js'

const CLEAR_EVERY_MS = 15_000
const DRAIN_MS = 1_000

/** Hands what NOTICES says of endpoints to people: as alerts, and by the channels of alerts. */
export function startNotices(context: Context, notifier: Pick<Notifier, 'notify'>): { stop(): Promise<void> } {
  const { topology, connection, loggers } = context
  const ports = createNoticePorts(context, notifier)
  const { stream, config } = topology.consumers.notices
  const worker = startWorker(connection, {
    stream,
    durable: config.durable_name,
    concurrency: 1,
    handle: async (message) => {
      const notice = decodeOrDrop(
        () => noticeSchema.parse(JSON.parse(new TextDecoder().decode(message.data))),
        message,
        context,
      )
      if (notice !== undefined) await takeNotice(notice, ports)
      return { settle: 'done' }
    },
    onError: (error, where) => loggers.alerts.warn({ err: error, where }, 'a notice could not be told; trying again'),
  })
  const stopping = new AbortController()
  const clearing = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await clearWhatIsOver(ports).catch((error: unknown) =>
        loggers.alerts.warn({ err: error }, 'endpoints that were down could not be looked at; trying again'),
      )
      await pause(CLEAR_EVERY_MS, stopping.signal)
    }
  }
  const running = clearing()
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all([running, worker.stop(DRAIN_MS)])
    },
  }
}

function createNoticePorts(
  { alerts, directory, connection, topology, now }: Context,
  notifier: Pick<Notifier, 'notify'>,
): NoticePorts {
  return {
    list: () => alerts.list().map(({ alert }) => alert),
    save: alerts.save,
    notify: notifier.notify,
    findWebhook: (clientId, webhookId) => directory.find(clientId)?.webhooks.find(({ id }) => id === webhookId),
    lastDelivered: async (clientId, webhookId) => {
      const subject = topology.subjects.attemptsTo(clientId, webhookId)
      const message = await lastMessage(connection, topology.streams.activity.name, subject)
      const fact = message === null ? null : decodeFact(message.data)
      return fact?.kind === 'attempted' && fact.result === 'delivered' ? fact.at : null
    },
    now,
  }
}
