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

/** A connection to a server that answers each publish in turn. */
function answering(answers: readonly object[]): StreamConnection {
  const left = [...answers]
  const request = async () => ({ json: () => left.shift() })
  return { nc: { request }, isUp: () => true, onChange: () => undefined } as unknown as StreamConnection
}
