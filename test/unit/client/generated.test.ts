import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { generateClient } from '../../../scripts/generate-client.js'

it('the client is what schema.graphql and its operations give (npm run client writes it)', async () => {
  const files = Object.entries(await generateClient())
  expect(files.length).toBeGreaterThan(0)
  for (const [name, text] of files) expect(readFileSync(`clients/typescript/src/${name}`, 'utf8')).toBe(text)
})
