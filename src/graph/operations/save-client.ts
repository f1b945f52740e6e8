import type { Client } from '../../domain/client.js'
import { ApiError } from '../errors.js'
import type { GraphPorts } from '../ports.js'

const MAX_TRIES = 10

/**
 * Reads a client, changes it and writes it back whole, starting over when somebody else wrote in between; then puts it
 * in force everywhere. `change` gets null for a client that does not exist yet.
 */
export async function changeClient(
  clientId: string,
  change: (client: Client | null) => Client,
  { clients }: Pick<GraphPorts, 'clients'>,
): Promise<Client> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await clients.findClient(clientId)
    const version = known?.version ?? 0
    const changed = { ...change(known), version: version + 1 }
    if ((await clients.saveClient(changed, version)) === 'saved') {
      await clients.distributeClient(changed)
      return changed
    }
  }
  throw new ApiError('CONFLICT', 'Others keep changing this client; try again')
}
