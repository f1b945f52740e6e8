import { Command, InvalidArgumentError, Option } from 'commander'
import type { SimulateFlags } from '../../dev/simulators/command.js'
import { ROLES, type Role } from '../config/config.js'
import { PROFILES } from '../domain/provider.js'
import { API_ROLES, type ApiRole } from '../graph/auth.js'
import { type ImportFlags, importLogs } from './import-logs.js'
import { type ListenFlags, listen } from './listen.js'
import { migrate } from './migrate.js'
import { rewind } from './rewind.js'
import { serve } from './serve.js'
import { token } from './token.js'

type UpFlags = { readonly port?: string; readonly data: string; readonly demo: boolean }
type TokenFlags = { readonly role: ApiRole; readonly client?: string; readonly ttl: string; readonly data: string }

/** `orderwire …`: each command a thin shell around what it starts. Sets the exit code; expected failures print one sentence. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const program = new Command('orderwire').description(
    'Webhook gateway between food-delivery platforms and point-of-sale systems',
  )
  program
    .command('serve')
    .description('run a role; needs NATS_URL, MONGODB_URL, JWT_SECRET and ENCRYPTION_KEY')
    .addOption(new Option('--role <role>', 'what this process does').choices(ROLES).default('all'))
    .action(({ role }: { readonly role: Role }) => serve(role))
  program
    .command('migrate')
    .description('bring the streams and the database up to date, and end; needs the same variables as serve')
    .action(() => migrate())
  program
    .command('rewind')
    .description("after streams were restored, before processors run: go through the last hour's deliveries again")
    .action(() => rewind())
  program
    .command('import-logs')
    .description("bring in the earlier system's webhook_logs; what cannot be is printed with its reason")
    .argument('<file>', 'rows of webhook_logs, a JSON object a line; - is standard input')
    .option('--dry-run', 'read and check everything, write nothing', false)
    .option('--from-line <number>', 'go on where an import was cut short', positive, 1)
    .action((file: string, flags: ImportFlags) => importLogs(file, flags))
  program
    .command('up')
    .description('local stack, every role, and a demo')
    .option('--port <number>', 'where to listen (PORT, else 4000)')
    .option('--data <folder>', 'where state is kept', '.orderwire')
    .option('--no-demo', 'leave the simulated platforms and point of sale out')
    .action(async (flags: UpFlags) => {
      // Only here: a production image holds neither the local stack nor what it needs.
      const { up } = await import('../../dev/up.js')
      await up({ dataDir: flags.data, demo: flags.demo, ...(flags.port !== undefined && { port: Number(flags.port) }) })
    })
  program
    .command('token')
    .description("print a JWT signed with JWT_SECRET, or the local stack's")
    .addOption(new Option('--role <role>', 'what its bearer may do').choices(API_ROLES).default('viewer'))
    .option('--client <id>', 'limit it to one client')
    .option('--ttl <duration>', 'how long it holds: 30m, 1h, 7d', '1h')
    .option('--data <folder>', "the local stack's state", '.orderwire')
    .action((flags: TokenFlags) =>
      token({
        role: flags.role,
        ttl: flags.ttl,
        dataDir: flags.data,
        ...(flags.client !== undefined && { client: flags.client }),
      }),
    )
  program
    .command('simulate')
    .description('sign and send sample traffic as a platform would')
    .addOption(new Option('--provider <name>', 'the platform').makeOptionMandatory())
    .addOption(
      new Option('--profile <profile>', 'of the registration (spec where the platform has one)').choices(PROFILES),
    )
    .requiredOption('--client <id>', 'the client')
    .requiredOption('--secret <key>', "the registration's secretKey")
    .option('--api-key <key>', "the registration's apiKey, where it has one")
    .option('--url <url>', 'the installation', 'http://127.0.0.1:4000')
    .option('--to <url>', "the client's own URL, where it is not below the installation's")
    .option('--rate <number>', 'orders a second', positive, 1)
    .option('--count <number>', 'stop after so many orders', positive)
    .option('--seed <number>', 'the same seed tells the same story', positive)
    .option(
      '--scenario <name>',
      'steady, lunch-peak, duplicates, disorder, late-cancel, bad-signatures, clock-skew or everyday',
      'steady',
    )
    .option('--platform-api <url>', "where thin events' orders are (npm start prints the demo's)")
    .action(async (flags: SimulateFlags) => {
      const { simulate } = await import('../../dev/simulators/command.js')
      await simulate(flags)
    })
  program
    .command('listen')
    .description('tail live events and forward each to a local URL, as a client would get it')
    .requiredOption('--forward <url>', 'where to POST')
    .option('--provider <name>', 'of one platform only')
    .option('--client <id>', 'of one client only')
    .option('--url <url>', 'the installation', 'http://127.0.0.1:4000')
    .option('--token <jwt>', "a token; one signed with JWT_SECRET, or the local stack's, unless given")
    .option('--secret <whsec>', 'what to sign with; a new one, shown at start, unless given')
    .option('--after <cursor>', 'everything since this cursor first')
    .option('--data <folder>', "the local stack's state", '.orderwire')
    .action((flags: ListenFlags) => listen(flags))
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    // Errors with a code are ours: their sentence is enough. Anything else is a bug and shows where.
    const expected = error instanceof Error && 'code' in error
    console.error(expected ? `orderwire: ${error.message}` : error)
    process.exitCode = 1
  }
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a positive number.')
  return value
}
