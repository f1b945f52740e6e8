import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ConfigError, describeConfig, environmentSchema, readConfig } from '../../../src/config/config.js'

const NEEDED = {
  NATS_URL: 'nats://u:pass@h:4222',
  MONGODB_URL: 'mongodb://u:pass@h/x',
  JWT_SECRET: 'j'.repeat(32),
  ENCRYPTION_KEY: 'e'.repeat(32),
}

describe('configuration', () => {
  it("has the specification's defaults", () => {
    const { config } = readConfig(NEEDED, 'all')
    expect(config).toMatchObject({
      port: 4000,
      webhookTimeoutMs: 30_000,
      maxPayloadBytes: 1_048_576,
      rateLimit: { windowMs: 60_000, maxRequests: 1_000 },
      retention: { logDays: 30, payloadDays: null, customerDataDays: null },
      allowPrivateTargets: false,
    })
    expect([
      readConfig(NEEDED, 'graph').config.port,
      readConfig(NEEDED, 'ingress').config.port,
      readConfig(NEEDED, 'processors').config.port,
    ]).toEqual([4000, 4001, 4002])
  })

  it('traces to where OpenTelemetry says: a base, or the whole address; nowhere unless told', () => {
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/otlp/', OTEL_TRACES_SAMPLER_ARG: '0.1' }
    const whole = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces/in' }
    expect(readConfig(NEEDED, 'all').config.tracing).toBeNull()
    expect(readConfig({ ...NEEDED, ...base }, 'all').config.tracing).toEqual({
      url: 'http://collector:4318/otlp/v1/traces',
      serviceName: 'orderwire',
      ratio: 0.1,
    })
    expect(readConfig({ ...NEEDED, ...whole }, 'all').config.tracing?.url).toBe('https://traces/in')
    const headers = { ...base, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x=y, tenant=a' }
    expect(readConfig({ ...NEEDED, ...headers }, 'all').secrets.otlpHeaders).toEqual({
      authorization: 'Bearer x=y',
      tenant: 'a',
    })
    expect(faults({ ...NEEDED, OTEL_EXPORTER_OTLP_HEADERS: 'nothing' })).toContain('must be name=value pairs')
    expect(faults({ ...NEEDED, OTEL_TRACES_SAMPLER_ARG: '10' })).toContain('OTEL_TRACES_SAMPLER_ARG')
  })

  it('names every fault in a sentence, all at once', () => {
    const message = faults({ JWT_SECRET: 'short', WEBHOOK_TIMEOUT: '-1', ALLOWED_IPS: '10.0.0.1, elsewhere' })
    expect(message).toContain('NATS_URL is required.')
    expect(message).toContain('MONGODB_URL is required.')
    expect(message).toContain('ENCRYPTION_KEY is required.')
    expect(message).toContain('JWT_SECRET: must be at least 32 characters.')
    expect(message).toMatch(/WEBHOOK_TIMEOUT: /)
    expect(message).toMatch(/ALLOWED_IPS \(entry 2\)/)
  })

  it.each([
    [
      'one secret for both purposes',
      { ...NEEDED, ENCRYPTION_KEY: NEEDED.JWT_SECRET },
      'JWT_SECRET and ENCRYPTION_KEY must differ',
    ],
    [
      'a payload that fits no message',
      { ...NEEDED, WEBHOOK_MAX_PAYLOAD_SIZE: '9999999' },
      'WEBHOOK_MAX_PAYLOAD_SIZE may be at most',
    ],
  ])('refuses %s', (_, environment, sentence) => {
    expect(faults(environment)).toContain(sentence)
  })

  it('shows no secret and no password in its summary', () => {
    const { config } = readConfig(NEEDED, 'all')
    const shown = JSON.stringify(describeConfig(config))
    for (const secret of ['pass', NEEDED.JWT_SECRET, NEEDED.ENCRYPTION_KEY]) expect(shown).not.toContain(secret)
  })

  it('has a row in docs/configuration.md for every variable, and no other', () => {
    const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name)
    expect(rows.sort()).toEqual(Object.keys(environmentSchema.shape).sort())
  })
})

function faults(environment: Record<string, string>): string {
  try {
    readConfig(environment, 'all')
  } catch (error) {
    if (error instanceof ConfigError) return error.message
  }
  throw new Error('no ConfigError')
}
