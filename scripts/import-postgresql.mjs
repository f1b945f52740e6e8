// Registers the webhooks of the earlier PostgreSQL system through the API: plain node, nothing to install.
//   psql -At -c 'select row_to_json(w) from webhooks w' > webhooks.jsonl
//   node scripts/import-postgresql.mjs webhooks.jsonl --url https://orderwire.example.com --token "$TOKEN" [--dry-run]
// Platforms go on with the secrets they have. What we made for each is printed as JSON lines: receivers need `signingSecret`.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string' }, token: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
})
const [file] = positionals
if (file === undefined || values.url === undefined || values.token === undefined) {
  console.error('Usage: node scripts/import-postgresql.mjs webhooks.jsonl --url URL --token TOKEN [--dry-run]')
  process.exit(1)
}

const rows = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line))
const sum = { registered: 0, inactive: 0, failed: 0 }
for (const row of rows) {
  const { client_id: clientId, provider, url, events, secret_key: secretKey } = row
  // One that was switched off stays off.
  if (row.is_active === false) {
    sum.inactive += 1
    continue
  }
  if (values['dry-run']) {
    console.log(JSON.stringify({ from: row.id, clientId, provider, url }))
    sum.registered += 1
    continue
  }
  const answer = await fetch(`${values.url}/api/webhooks/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${values.token}`, 'content-type': 'application/json' },
    // Running it again gives the registration that was made.
    body: JSON.stringify({ clientId, provider, url, events, secretKey, idempotencyKey: row.id }),
  })
  const body = await answer.json()
  if (answer.status === 201) {
    sum.registered += 1
    console.log(JSON.stringify({ from: row.id, ...body }))
  } else {
    sum.failed += 1
    console.error(`${row.id}: ${answer.status} ${JSON.stringify(body.error)}`)
  }
}
console.error(`${sum.registered} registered, ${sum.inactive} inactive left out, ${sum.failed} failed`)
process.exit(sum.failed === 0 ? 0 : 1)
