import { MongoClient } from 'mongodb'
import { expect, inject, it } from 'vitest'
import { randomId } from '../../src/domain/ids.js'

const ROUNDS = 40

it('a write beside the making of an index succeeds', async () => {
  const client = await MongoClient.connect(inject('mongoUrl'))
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const database = client.db(randomId('t'))
      const notes = database.collection<{ _id: number }>('notes')
      const indexes = ['a', 'b', 'c', 'd'].map((key) => notes.createIndex({ [key]: 1 }))
      const writes = Array.from({ length: 12 }, (_, index) => notes.insertOne({ _id: index }))
      await Promise.all([...indexes, ...writes])
      expect(await notes.countDocuments()).toBe(12)
      await database.dropDatabase()
    }
  } finally {
    await client.close()
  }
})
