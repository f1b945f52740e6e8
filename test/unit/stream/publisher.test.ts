import { expect, it } from 'vitest'
import type { StreamConnection } from '../../../src/stream/connection.js'
import { createPublisher } from '../../../src/stream/publisher.js'

const CONFLICT = { error: { code: 400, err_code: 10_071, description: 'wrong last sequence' } }

it('measures a commit of which anything was stored, whatever became of its first message', async () => {
  const commits: number[] = []
  const publisher = createPublisher(answering([CONFLICT, { seq: 1 }, CONFLICT]), {
    onCommit: (messages) => commits.push(messages),
  })
  const publish = () => publisher.publish({ subject: 'a', data: new Uint8Array() })
  const results = await Promise.all([publish(), publish()])
  expect(results.map(({ outcome }) => outcome)).toEqual(['unavailable', 'stored'])
  expect(commits).toEqual([2])
  expect(await publish()).toMatchObject({ outcome: 'unavailable', isConflict: true })
  expect(commits).toEqual([2])
})

it('commits at once when the link is back, without waiting for what was in flight when it broke', async () => {
  const broken = brokenOnce()
  const publisher = createPublisher(broken.connection)
  const publish = () => publisher.publish({ subject: 'a', data: new Uint8Array() })
  const lost = publish()
  await expect.poll(() => broken.requests()).toBe(1)
  broken.drop()
  expect(await lost).toMatchObject({ outcome: 'unavailable' })
  await publisher.flush()
  expect(await publish()).toMatchObject({ outcome: 'stored' })
})

/** A link that breaks before the first answer and is back at once. */
function brokenOnce() {
  const listeners: ((up: boolean) => void)[] = []
  let requests = 0
  const request = () => {
    requests += 1
    return requests === 1 ? new Promise(() => undefined) : Promise.resolve({ json: () => ({ seq: 1 }) })
  }
  const connection = {
    nc: { request },
    isUp: () => true,
    onChange: (listener: (up: boolean) => void) => listeners.push(listener),
  }
  return {
    connection: connection as unknown as StreamConnection,
    requests: () => requests,
    drop: () => {
      for (const up of [false, true]) for (const listener of listeners) listener(up)
    },
  }
}

/** A connection to a server that answers each publish in turn. */
function answering(answers: readonly object[]): StreamConnection {
  const left = [...answers]
  const request = async () => ({ json: () => left.shift() })
  return { nc: { request }, isUp: () => true, onChange: () => undefined } as unknown as StreamConnection
}
