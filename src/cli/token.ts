import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ApiRole, signToken } from '../graph/auth.js'

/** Something is missing that the caller can give; `message` says what. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code = 'TOKEN'
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

export type TokenOptions = {
  readonly role: ApiRole
  readonly client?: string
  readonly ttl: string
  readonly dataDir: string
}

/** Prints a token. */
export async function token(options: TokenOptions): Promise<void> {
  console.log(await makeToken(options))
}

/** A token signed with JWT_SECRET, or with the secret of the local stack in `dataDir`. */
export function makeToken(options: TokenOptions): Promise<string> {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(options.ttl) ?? []
  const seconds = Number(amount) * (SECONDS[unit] ?? 0)
  if (!(seconds > 0)) throw new TokenError(`--ttl ${options.ttl} is not a duration such as 30m, 1h or 7d`)
  const viewer = { role: options.role, ...(options.client !== undefined && { client: options.client }) }
  const secret = process.env['JWT_SECRET'] || localSecret(options.dataDir)
  return signToken(secret, viewer, { ttlSeconds: seconds, now: new Date() })
}

function localSecret(dataDir: string): string {
  const file = join(dataDir, 'secrets.json')
  try {
    // Written by the local stack.
    return (JSON.parse(readFileSync(file, 'utf8')) as { jwtSecret: string }).jwtSecret
  } catch {
    // No local stack has run here.
    throw new TokenError(`JWT_SECRET is not set, and there is no ${file}: run \`npm start\` once, or set JWT_SECRET`)
  }
}
