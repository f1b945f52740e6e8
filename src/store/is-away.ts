import { MongoNetworkError, MongoServerSelectionError } from 'mongodb'

/** Whether an operation failed because the database could not be reached, rather than for what was asked. */
export function isAway(error: unknown): boolean {
  return error instanceof MongoServerSelectionError || error instanceof MongoNetworkError
}
