import { createReadStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importLogs } from '../../src/app/import-logs.js'
import { readConfig } from '../../src/config/config.js'
import { type Json, startTestApp, type TestApp } from '../support/app.js'

// The earlier system's webhook_logs, as its rows are written by `row_to_json`.

const FILE = 'test/fixtures/postgresql/webhook_logs.jsonl'
/** A moment at which the fixture's logs are a day old, but for one. */
const NOW = new Date('2024-09-28T12:00:00Z')
const idOf = (number: number): string => `6f1c2d1e-0000-4000-8000-${String(number).padStart(12, '0')}`

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ role: 'graph', now: () => NOW })
})
afterAll(() => app.stop())

async function run(options: { isDryRun?: boolean; fromLine?: number; input?: Readable } = {}) {
  const rejected: { readonly line: number; readonly reason: string; readonly row: string }[] = []
  const { config, secrets } = readConfig(app.environment, 'all')
  const counts = await importLogs({
    config,
    secrets,
    input: options.input ?? createReadStream(FILE),
    isDryRun: options.isDryRun ?? false,
    fromLine: options.fromLine ?? 1,
    now: () => NOW,
    onRejected: (each) => rejected.push(each),
    onProgress: () => undefined,
  })
  return { counts, rejected }
}

const listed = async (): Promise<Json> =>
  (await app.api('GET', '/api/webhooks/logs?clientId=from-postgresql&limit=100')).json

describe('importing webhook_logs', () => {
  it('first shows what it would do, and writes nothing', async () => {
    const { counts } = await run({ isDryRun: true })
    expect(counts).toEqual({ lines: 9, imported: 4, present: 0, expired: 1, rejected: 4 })
    expect((await listed()).total).toBe(0)
  })

  it('goes on at a line, then adds what is missing, and changes nothing when it runs again', async () => {
    expect((await run({ fromLine: 3 })).counts).toMatchObject({ imported: 2, present: 0 })
    expect((await run()).counts).toMatchObject({ imported: 2, present: 2 })
    const before = await listed()
    expect((await run()).counts).toMatchObject({ imported: 0, present: 4 })
    expect(await listed()).toEqual(before)
  })

  it('shows the rows as logs: times in UTC, payloads as they were, what was pending as failed', async () => {
    const { logs, total } = await listed()
    expect(total).toBe(4)
    const byId = new Map<string, Json>(logs.map((log: Json) => [log.id, log]))
    expect(byId.get(idOf(1))).toMatchObject({
      provider: 'careem',
      event: 'order.created',
      status: 'success',
      responseTime: 145,
      timestamp: '2024-09-27T10:30:00.123Z',
    })
    const [first = ''] = readFileSync(FILE, 'utf8').split('\n')
    expect(JSON.stringify(byId.get(idOf(1)).payload)).toContain('back\\\\slash')
    expect(byId.get(idOf(1)).payload).toEqual(JSON.parse(first).payload)
    expect(byId.get(idOf(2))).toMatchObject({ status: 'failed', error: 'Internal Server Error' })
    expect(byId.get(idOf(3))).toMatchObject({ status: 'failed', error: expect.stringContaining('pending') })
    expect(byId.get(idOf(4))).toMatchObject({ timestamp: '2024-09-27T10:33:00.000Z', payload: null })
  })

  it('keeps what it cannot take, with the line and the reason', async () => {
    const { rejected } = await run()
    const reasons = rejected.map(({ line, reason }) => `${line} ${reason}`)
    expect(reasons[0]).toMatch(/^5 the line is no JSON object/)
    expect(reasons[1]).toMatch(/^6 provider: "foodora-classic" is none of ours/)
    expect(reasons[2]).toMatch(/^7 status: /)
    expect(reasons[3]).toMatch(/^8 created_at: is no time/)
    const lines = readFileSync(FILE, 'utf8').split('\n')
    for (const { line, row } of rejected) expect(row).toBe(lines[line - 1])
  })

  it('is no dead letter, for nothing of it can be sent again', async () => {
    const { data } = await app.graphql('{ deadLetters(filter: {clientId: "from-postgresql"}) { totalCount } }')
    expect(data.deadLetters.totalCount).toBe(0)
  })

  it('holds a few hundred rows in memory, however many there are', async () => {
    const rows = 20_000
    let made = 0
    let mostAhead = 0
    let written = 0
    const { config, secrets } = readConfig(app.environment, 'all')
    const template = JSON.parse(readFileSync(FILE, 'utf8').split('\n')[0] ?? '')
    const input = Readable.from(
      (function* () {
        for (; made < rows; made += 1) {
          mostAhead = Math.max(mostAhead, made - written)
          yield `${JSON.stringify({ ...template, client_id: 'many', id: idOf(100_000 + made) })}\n`
        }
      })(),
      { objectMode: true, highWaterMark: 16 },
    )
    let clock = NOW.getTime()
    const counts = await importLogs({
      config,
      secrets,
      input,
      isDryRun: false,
      fromLine: 1,
      // Every look is a second later: each batch is told of.
      now: () => {
        clock += 1_000
        return new Date(clock)
      },
      onRejected: () => undefined,
      onProgress: ({ imported }) => {
        written = imported
      },
    })
    expect(counts).toMatchObject({ lines: rows, imported: rows })
    expect(mostAhead).toBeLessThan(3_000)
  }, 60_000)
})
