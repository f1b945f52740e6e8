import { z } from 'zod'

/** Durations and sizes as the specification names them: plain integers. */
const positiveInt = (fallback: number) => z.coerce.number().int().positive().default(fallback)
const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((text) => text === 'true' || text === '1')
const flagOr = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true' || text === '1')
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
const platformApisSchema = z.record(
  z.string(),
  z.strictObject({ hosts: z.array(z.string().min(1)).min(1), tokenUrl: z.url() }),
)
const platformApis = z
  .string()
  .default('{}')
  .transform((text, context) => {
    try {
      const parsed = platformApisSchema.safeParse(JSON.parse(text))
      if (parsed.success) return parsed.data
    } catch {
      // Told below, like any other wrong value.
    }
    context.addIssue({
      code: 'custom',
      message: 'must be JSON like {"uber-eats":{"hosts":["test-api.uber.com"],"tokenUrl":"https://…"}}',
    })
    return z.NEVER
  })
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
/** `name=value,name=value` with percent-encoded values, as OpenTelemetry has it. */
const otlpHeaders = z
  .string()
  .default('')
  .transform((text, context) => {
    try {
      const pairs = text.split(',').filter((pair) => pair.trim() !== '')
      return Object.fromEntries(pairs.map(headerOf))
    } catch {
      context.addIssue({ code: 'custom', message: 'must be name=value pairs, separated by commas' })
      return z.NEVER
    }
  })
const ipOrCidr = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

/**
 * Every environment variable orderwire reads: name → how it is parsed. docs/configuration.md has a row for each
 * (a test keeps them in step).
 */
export const environmentSchema = z.object({
  NATS_URL: z.string().min(1, 'is required: the address of nats-server, e.g. nats://127.0.0.1:4222'),
  MONGODB_URL: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://'),
  MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,38}$/, 'must be 1–38 letters, digits, _ or -')
    .default('orderwire'),
  NATS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,32}$/, 'must be letters, digits, _ or -')
    .default(''),
  NATS_REPLICAS: z.coerce
    .number()
    .int()
    .refine((count) => [1, 3, 5].includes(count), 'must be 1, 3 or 5')
    .default(1),
  JWT_SECRET: z.string().min(32, 'must be at least 32 characters'),
  JWT_JWKS_URL: httpUrl.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  CORS_ORIGINS: list.pipe(
    z.array(z.union([z.literal('*'), z.url('must be an origin such as https://pos.example.com')])),
  ),
  GRAPHQL_INTROSPECTION: flagOr(true),
  GRAPHIQL: flagOr(true),
  GRAPHQL_PERSISTED_OPERATIONS: z.string().optional(),
  ENCRYPTION_KEY: z.string().min(32, 'must be at least 32 characters'),
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  WEBHOOK_BASE_URL: z.url('must be a URL').optional(),
  WEBHOOK_TIMEOUT: positiveInt(30_000),
  WEBHOOK_MAX_PAYLOAD_SIZE: positiveInt(1_048_576),
  RATE_LIMIT_WINDOW_MS: positiveInt(60_000),
  RATE_LIMIT_MAX_REQUESTS: positiveInt(1_000),
  ALLOWED_IPS: list.pipe(z.array(ipOrCidr)),
  TRUSTED_PROXIES: list.pipe(z.array(ipOrCidr)),
  ALLOW_PRIVATE_TARGETS: flag,
  PLATFORM_APIS: platformApis,
  PROVIDERS_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_RETENTION_DAYS: positiveInt(30),
  PAYLOAD_RETENTION_DAYS: z.coerce.number().int().positive().optional(),
  CUSTOMER_DATA_RETENTION_DAYS: z.coerce.number().int().positive().optional(),
  CUSTOMER_DATA_PATHS: list.prefault('customer,address,note'),
  DEAD_LETTER_RETENTION_DAYS: positiveInt(30),
  SHUTDOWN_DELAY_MS: z.coerce.number().int().min(0).max(30_000).default(0),
  SENTRY_DSN: z.url('must be a URL').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders,
  OTEL_SERVICE_NAME: z.string().default('orderwire'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  ALERT_WEBHOOK_URL: z.url('must be a URL').optional(),
  ALERT_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64')
    .optional(),
  ALERT_SLACK_URL: z.url('must be a URL').optional(),
  ALERT_EMAIL_TO: list,
  ALERT_EMAIL_FROM: z.string().default('orderwire@localhost'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .optional(),
  ALERT_QUIET_MINUTES: positiveInt(60),
})

export type Role = 'ingress' | 'processors' | 'graph' | 'all'
export const ROLES: readonly Role[] = ['ingress', 'processors', 'graph', 'all']

/** Where each role listens when PORT is not set. */
const DEFAULT_PORTS: Readonly<Record<Role, number>> = { all: 4000, graph: 4000, ingress: 4001, processors: 4002 }

/** What the installation is told, without its secrets. */
export type Config = {
  readonly role: Role
  readonly host: string
  readonly port: number
  readonly baseUrl: string
  readonly natsUrl: string
  readonly natsPrefix: string
  readonly natsReplicas: number
  readonly mongoUrl: string
  readonly mongoDatabase: string
  readonly webhookTimeoutMs: number
  readonly maxPayloadBytes: number
  readonly rateLimit: { readonly windowMs: number; readonly maxRequests: number }
  readonly allowedIps: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly allowPrivateTargets: boolean
  readonly api: {
    readonly jwksUrl?: string
    readonly issuer?: string
    readonly audience?: string
    readonly corsOrigins: readonly string[]
    readonly introspection: boolean
    readonly graphiql: boolean
    /** A file of operations by id: only those are run. */
    readonly persistedOperations?: string
  }
  /** Platforms whose API is reached elsewhere than usual, by provider. */
  readonly platformApis: Readonly<Record<string, { readonly hosts: readonly string[]; readonly tokenUrl: string }>>
  /** A JSON file that defines more providers; null where there is none. */
  readonly providersFile: string | null
  readonly logLevel: string
  /** Days; null: as long as the log. */
  readonly retention: {
    readonly logDays: number
    readonly payloadDays: number | null
    readonly customerDataDays: number | null
    readonly customerPaths: readonly string[]
    readonly deadLetterDays: number
  }
  /** How long a stopping process still takes requests while its readiness already fails. */
  readonly shutdownDelayMs: number
  readonly alerts: {
    readonly emailTo: readonly string[]
    readonly emailFrom: string
    /** The same alert is told once within this time. */
    readonly quietMs: number
  }
  /** Null where nothing is traced. */
  readonly tracing: TracingTarget | null
}

/** Where spans are sent, without the headers that go with them. */
export type TracingTarget = {
  readonly url: string
  readonly serviceName: string
  /** Share of traces that are kept. */
  readonly ratio: number
}

/** Kept apart, so that nothing that logs or shows configuration ever holds one. */
export type Secrets = {
  readonly jwtSecret: string
  readonly encryptionKey: string
  /** Where errors are reported; undefined where they are only logged. */
  readonly sentryDsn: string | undefined
  /** Sent to the collector of traces, which may ask for a token. */
  readonly otlpHeaders: Readonly<Record<string, string>>
  /** Their addresses hold passwords or tokens. */
  readonly alerts: {
    readonly webhook: { readonly url: string; readonly secret: string } | undefined
    readonly slackUrl: string | undefined
    readonly smtpUrl: string | undefined
  }
}

/** The configuration is wrong; `message` has a sentence for every fault, naming its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'CONFIG_INVALID'
}

/** Reads the environment once. Throws ConfigError with every fault at once. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  role: Role,
): { readonly config: Config; readonly secrets: Secrets } {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in environmentSchema.shape && value !== ''),
  )
  const parsed = environmentSchema.safeParse(set)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(sentence).join('\n'))
  const values = parsed.data
  checkConflicts(values)
  const port = values.PORT ?? DEFAULT_PORTS[role]
  return {
    secrets: {
      jwtSecret: values.JWT_SECRET,
      encryptionKey: values.ENCRYPTION_KEY,
      sentryDsn: values.SENTRY_DSN,
      otlpHeaders: values.OTEL_EXPORTER_OTLP_HEADERS,
      alerts: {
        webhook:
          values.ALERT_WEBHOOK_URL === undefined
            ? undefined
            : { url: values.ALERT_WEBHOOK_URL, secret: values.ALERT_WEBHOOK_SECRET ?? '' },
        slackUrl: values.ALERT_SLACK_URL,
        smtpUrl: values.SMTP_URL,
      },
    },
    config: {
      role,
      host: values.HOST,
      port,
      baseUrl: (values.WEBHOOK_BASE_URL ?? `http://127.0.0.1:${port}`).replace(/\/+$/, ''),
      natsUrl: values.NATS_URL,
      natsPrefix: values.NATS_PREFIX,
      natsReplicas: values.NATS_REPLICAS,
      mongoUrl: values.MONGODB_URL,
      mongoDatabase: values.MONGODB_DATABASE,
      webhookTimeoutMs: values.WEBHOOK_TIMEOUT,
      maxPayloadBytes: values.WEBHOOK_MAX_PAYLOAD_SIZE,
      rateLimit: { windowMs: values.RATE_LIMIT_WINDOW_MS, maxRequests: values.RATE_LIMIT_MAX_REQUESTS },
      allowedIps: values.ALLOWED_IPS,
      trustedProxies: values.TRUSTED_PROXIES,
      allowPrivateTargets: values.ALLOW_PRIVATE_TARGETS,
      api: {
        ...(values.JWT_JWKS_URL !== undefined && { jwksUrl: values.JWT_JWKS_URL }),
        ...(values.JWT_ISSUER !== undefined && { issuer: values.JWT_ISSUER }),
        ...(values.JWT_AUDIENCE !== undefined && { audience: values.JWT_AUDIENCE }),
        corsOrigins: values.CORS_ORIGINS,
        introspection: values.GRAPHQL_INTROSPECTION,
        graphiql: values.GRAPHIQL,
        ...(values.GRAPHQL_PERSISTED_OPERATIONS !== undefined && {
          persistedOperations: values.GRAPHQL_PERSISTED_OPERATIONS,
        }),
      },
      platformApis: values.PLATFORM_APIS,
      providersFile: values.PROVIDERS_FILE ?? null,
      logLevel: values.LOG_LEVEL,
      retention: {
        logDays: values.LOG_RETENTION_DAYS,
        payloadDays: values.PAYLOAD_RETENTION_DAYS ?? null,
        customerDataDays: values.CUSTOMER_DATA_RETENTION_DAYS ?? null,
        customerPaths: values.CUSTOMER_DATA_PATHS,
        deadLetterDays: values.DEAD_LETTER_RETENTION_DAYS,
      },
      shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
      alerts: {
        emailTo: values.ALERT_EMAIL_TO,
        emailFrom: values.ALERT_EMAIL_FROM,
        quietMs: values.ALERT_QUIET_MINUTES * 60_000,
      },
      tracing: tracingOf(values),
    },
  }
}

function headerOf(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  if (at < 1) throw new RangeError('no name')
  return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
}

/** The general address is a base, the one for traces is taken as it is (OpenTelemetry's rule). */
function tracingOf(values: z.infer<typeof environmentSchema>): TracingTarget | null {
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT
  const url =
    values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
    (base === undefined ? undefined : `${base.replace(/\/+$/, '')}/v1/traces`)
  return url === undefined
    ? null
    : { url, serviceName: values.OTEL_SERVICE_NAME, ratio: values.OTEL_TRACES_SAMPLER_ARG }
}

function sentence(issue: {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly code?: string
  readonly input?: unknown
}): string {
  const [name, index] = issue.path
  const variable = String(name)
  const missing = issue.message.includes('received undefined')
  const place = index === undefined ? variable : `${variable} (entry ${Number(index) + 1})`
  return missing ? `${variable} is required.` : `${place}: ${issue.message}.`
}

function checkConflicts(values: z.infer<typeof environmentSchema>): void {
  const faults: string[] = []
  if (values.JWT_JWKS_URL === undefined && (values.JWT_ISSUER ?? values.JWT_AUDIENCE) !== undefined)
    faults.push('JWT_ISSUER and JWT_AUDIENCE are checked on tokens of JWT_JWKS_URL: set it too, or leave them out.')
  if (values.JWT_SECRET === values.ENCRYPTION_KEY) {
    faults.push(
      'JWT_SECRET and ENCRYPTION_KEY must differ: whoever can sign tokens must not be able to open stored secrets.',
    )
  }
  // A message also carries its identity; nats-server's limit is 8 MiB in our configurations.
  if (values.WEBHOOK_MAX_PAYLOAD_SIZE > 4 * 1024 * 1024) {
    faults.push(
      'WEBHOOK_MAX_PAYLOAD_SIZE may be at most 4194304 (4 MiB): a delivery carries the payload beside the canonical order.',
    )
  }
  if (values.ALERT_WEBHOOK_URL !== undefined && values.ALERT_WEBHOOK_SECRET === undefined)
    faults.push('ALERT_WEBHOOK_URL needs ALERT_WEBHOOK_SECRET, which signs what is sent there.')
  if (values.ALERT_EMAIL_TO.length > 0 && values.SMTP_URL === undefined)
    faults.push('ALERT_EMAIL_TO needs SMTP_URL, the server that takes the mails.')
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
}

/** Lines for the start-up log: everything that is set, secrets and passwords masked. */
export function describeConfig(config: Config): Readonly<Record<string, string | number | boolean>> {
  return {
    role: config.role,
    listen: `${config.host}:${config.port}`,
    baseUrl: config.baseUrl,
    nats: maskUrl(config.natsUrl),
    mongodb: maskUrl(config.mongoUrl),
    database: config.mongoDatabase,
    allowedIps: config.allowedIps.join(',') || 'any',
    trustedProxies: config.trustedProxies.join(',') || 'none',
    privateTargets: config.allowPrivateTargets,
    traces: config.tracing === null ? 'off' : maskUrl(config.tracing.url),
    jwtSecret: '********',
    encryptionKey: '********',
  }
}

/** A URL without its password. */
export function maskUrl(text: string): string {
  return text.replace(/(\/\/[^:@/]*):[^@/]*@/, '$1:********@')
}
