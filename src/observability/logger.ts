import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'

export type { Logger }

/** The subsystems that log, each under its own name. */
export const SUBSYSTEMS = [
  'app',
  'http',
  'ingress',
  'stream',
  'dispatch',
  'deliver',
  'record',
  'events',
  'alerts',
  'store',
  'graph',
] as const
export type Loggers = { readonly [name in (typeof SUBSYSTEMS)[number]]: Logger }

/** pino's number for `error`. */
const ERROR_LEVEL = 50

/** Told of every record at error and above: what an operator must act on. */
export type OnError = (error: unknown, message: string, fields: Readonly<Record<string, unknown>>) => void

/** One JSON line per record on standard output. Never a payload, never a secret. */
export function createLoggers(
  level: string,
  bindings: Readonly<Record<string, string>> = {},
  options: { readonly onError?: OnError; readonly destination?: DestinationStream } = {},
): Loggers {
  const { onError, destination } = options
  const settings: LoggerOptions = {
    level,
    base: bindings,
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(onError && { hooks: { logMethod: tapErrors(onError) } }),
  }
  const root = destination === undefined ? pino(settings) : pino(settings, destination)
  const loggers = Object.fromEntries(SUBSYSTEMS.map((subsystem) => [subsystem, root.child({ subsystem })]))
  // Object.fromEntries forgets the keys it was given.
  return loggers as { [name in (typeof SUBSYSTEMS)[number]]: Logger }
}

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>

function tapErrors(onError: OnError): LogMethod {
  return function logMethod(inputs, method, level) {
    const [first, message] = inputs as readonly unknown[]
    if (level >= ERROR_LEVEL && typeof first === 'object' && first !== null) {
      const { err, ...fields } = first as { readonly err?: unknown }
      onError(err, String(message ?? ''), fields)
    }
    return method.apply(this, inputs)
  }
}
