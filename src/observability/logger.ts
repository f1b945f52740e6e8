import { type Logger, pino } from 'pino'

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
  'alerts',
  'store',
  'graph',
] as const
export type Loggers = { readonly [name in (typeof SUBSYSTEMS)[number]]: Logger }

/** One JSON line per record on standard output. Never a payload, never a secret. */
export function createLoggers(level: string, bindings: Readonly<Record<string, string>> = {}): Loggers {
  const root = pino({ level, base: bindings, timestamp: pino.stdTimeFunctions.isoTime })
  const loggers = Object.fromEntries(SUBSYSTEMS.map((subsystem) => [subsystem, root.child({ subsystem })]))
  // Object.fromEntries forgets the keys it was given.
  return loggers as { [name in (typeof SUBSYSTEMS)[number]]: Logger }
}
