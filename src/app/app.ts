import { constants, setPriority } from 'node:os'
import type { Config, Role, Secrets } from '../config/config.js'
import { describeConfig } from '../config/config.js'
import { matchAddresses } from '../http/client-address.js'
import type { Route } from '../http/http.js'
import { createHttpServer } from '../http/server.js'
import { pause, settledWithin } from '../lib/wait.js'
import type { Loggers } from '../observability/logger.js'
import { startAlerting } from './alerts.js'
import { type Context, createContext } from './context.js'
import { openFollowing } from './following.js'
import { startGraph } from './graph.js'
import { healthRoutes, refreshGauges } from './health.js'
import { createIngress } from './ingress.js'
import { startSampling } from './live-metrics.js'
import { startProcessors } from './processors.js'

export type AppOptions = {
  readonly config: Config
  readonly secrets: Secrets
  readonly loggers: Loggers
  /** The clock; tests decide it. */
  now?(): Date
  /** How often alert rules are looked at; tests do not wait for it. */
  readonly alertsEveryMs?: number
  /** Ends the wait for NATS at start. */
  readonly signal?: AbortSignal
}

export type App = {
  readonly port: number
  /** Ordered and timed: turns unready, stops accepting, drains, then lets go of everything. Safe to call twice. */
  stop(): Promise<void>
}

/** How long each part of stopping may take, `parts` beside `work`; together less than the ten seconds after which a process is ended by force. */
const STOP_MS = { sockets: 500, http: 3_000, work: 3_000, parts: 1_000, following: 500, connections: 1_000 } as const
const MIGRATION_RETRY_MS = 1_000

/** Starts a role of orderwire. The one place that wires the parts together. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, loggers } = options
  const stopping = new AbortController()
  const signal = options.signal === undefined ? stopping.signal : AbortSignal.any([options.signal, stopping.signal])
  const context = await createContext({ ...options, now: options.now ?? (() => new Date()), signal })
  const migrating = migratePatiently(context, stopping.signal)
  const has = (role: Role): boolean => config.role === role || config.role === 'all'
  // On a machine shared with ingress, a platform waiting for its answer comes before a delivery a moment sooner.
  if (config.role === 'processors') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  const sampling = startSampling(context)
  const processors = has('processors') ? startProcessors(context) : undefined
  const following = has('processors') || has('graph') ? await openFollowing(context) : undefined
  const alerting = following && has('processors') ? startAlerting(context, following, options.alertsEveryMs) : undefined
  const graph = following && has('graph') ? startGraph(context, following) : undefined
  const routes = [
    ...(has('ingress') ? [createIngress(context)] : []),
    ...(graph?.routes ?? []),
    ...healthRoutes(context, () => !stopping.signal.aborted),
    metricsRoute(context),
  ]
  const server = createHttpServer({
    routes,
    isTrustedProxy: matchAddresses(config.trustedProxies),
    bodyTimeoutMs: config.webhookTimeoutMs,
    onError: (error, request) => loggers.http.error({ err: error, ...request }, 'a request failed'),
    ...(graph !== undefined && { attach: graph.sockets.attach }),
  })
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    loggers.app.info('stopping')
    stopping.abort()
    // Readiness fails from here on, and answers ask their peers to connect elsewhere; whoever did not hear yet is still served.
    server.drain()
    await pause(config.shutdownDelayMs)
    const within = async (part: string, work: Promise<unknown> | undefined, ms: number): Promise<void> => {
      const isDone = await settledWithin(work ?? Promise.resolve(), ms).catch((error: unknown) =>
        loggers.app.warn({ err: error, part }, 'stopping a part failed; going on without it'),
      )
      // What is left is in the streams, and another process goes on with it.
      if (isDone === false) loggers.app.warn({ part, ms }, 'a part did not stop in its time; going on without it')
    }
    await within('sockets', graph?.stop(), STOP_MS.sockets)
    await server.close(STOP_MS.http)
    const parts = [alerting?.stop(), processors?.stop(STOP_MS.work), migrating]
    await within('work', Promise.all(parts), STOP_MS.work + STOP_MS.parts)
    await within('following', following?.close(), STOP_MS.following)
    sampling.stop()
    await within('connections', context.close(), STOP_MS.connections)
    loggers.app.info('stopped')
  }
  const stopOnce = (): Promise<void> => {
    stopped ??= stop()
    return stopped
  }
  try {
    const port = await server.listen(config.port, config.host)
    loggers.app.info({ ...describeConfig(config), port }, 'orderwire is ready')
    return { port, stop: stopOnce }
  } catch (error) {
    await stopOnce()
    throw error
  }
}

/** The database may be away at start: orders are taken meanwhile. */
async function migratePatiently({ store, loggers }: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await store.migrate((line) => loggers.store.info(line))
    } catch (error) {
      loggers.store.warn({ err: error }, 'the database cannot be migrated yet; trying again')
      await pause(MIGRATION_RETRY_MS, signal)
    }
  }
}

function metricsRoute(context: Context): Route {
  return {
    method: 'get',
    pattern: '/metrics',
    maxBodyBytes: 0,
    handler: async () => {
      // Stale gauges beat no metrics at the moment they are needed most.
      await refreshGauges(context).catch((error: unknown) =>
        context.loggers.app.warn({ err: error }, 'gauges could not be refreshed'),
      )
      const { contentType, text } = await context.metrics.expose()
      return { status: 200, headers: { 'content-type': contentType }, body: text }
    },
  }
}
