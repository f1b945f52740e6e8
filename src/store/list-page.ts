import type { Collection, Document, Filter, WithId } from 'mongodb'
import type { Listed, Page } from '../graph/ports.js'

/**
 * A page of a collection, newest first by (`timeField`, _id): the order every list runs in, and every list's indexes
 * end in. The field holds dates.
 */
export async function listPage<T extends Document>(
  collection: Collection<T>,
  filter: Filter<T>,
  page: Page,
  timeField: string,
): Promise<Listed<WithId<T>>> {
  const documents = await collection
    .find(page.after === undefined ? filter : ({ $and: [filter, afterIn(timeField, page.after)] } as Filter<T>))
    .sort({ [timeField]: -1, _id: -1 })
    .skip(page.offset ?? 0)
    .limit(page.limit + 1)
    .toArray()
  return { items: documents.slice(0, page.limit), hasMore: documents.length > page.limit }
}

/** The bound beside the alternatives is what an index starts at: without it everything before the cursor may be read. */
export function afterIn(timeField: string, { at, id }: NonNullable<Page['after']>): Document {
  const time = new Date(at)
  return { [timeField]: { $lte: time }, $or: [{ [timeField]: { $lt: time } }, { [timeField]: time, _id: { $lt: id } }] }
}

/** Bounds of a time as a filter has them, inclusive; nothing where there are none. */
export function between(from: string | undefined, to: string | undefined): { $gte?: Date; $lte?: Date } | undefined {
  if (from === undefined && to === undefined) return undefined
  return { ...(from !== undefined && { $gte: new Date(from) }), ...(to !== undefined && { $lte: new Date(to) }) }
}
