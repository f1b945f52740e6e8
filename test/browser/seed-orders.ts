import { MongoClient } from 'mongodb'
import { ALL_CLIENTS, bucketId, SPANS, startOf } from '../../src/domain/bucket.js'
import { bucketOf } from '../../src/domain/histogram.js'
import { storeKeyOf } from '../../src/domain/order-tallies.js'
import type { BucketDocument } from '../../src/store/buckets.js'
import type { TestApp } from '../support/app.js'
import { seeded } from '../support/seeded.js'

const WEEKS = 3
/** Orders an hour, by the hour of the day (UTC): lunch, dinner and a quiet night. */
const DAY = [2, 1, 0, 0, 0, 0, 1, 2, 4, 9, 14, 12, 8, 5, 6, 10, 18, 26, 30, 28, 20, 12, 7, 4]
/** The busiest hour of the day (UTC); when it last came nothing was ordered. A quiet hour without orders would not be odd. */
const ODD_HOUR = DAY.indexOf(Math.max(...DAY))
const SECONDS_TO_ACCEPT = [12, 20, 35, 90] as const

/** Three weeks of a restaurant's orders as `record` counts them, on two platforms; of one hour of the last day none. */
export async function seedOrders({ environment }: TestApp): Promise<void> {
  const client = await MongoClient.connect(environment['MONGODB_URL'] ?? '')
  const now = startOf('hour', Date.now())
  const random = seeded(4)
  const documents = Array.from({ length: WEEKS * 168 }, (_, index): BucketDocument => {
    const at = now - (index + 1) * SPANS.hour
    const usual = Math.max(3, DAY[new Date(at).getUTCHours()] ?? 0)
    const orders = index < 24 && new Date(at).getUTCHours() === ODD_HOUR ? 0 : usual
    return {
      _id: bucketId('orders', 'hour', ALL_CLIENTS, at),
      through: 0,
      stores: {
        [storeKeyOf('careem', 'marina-07')]: numbersOf(orders, random),
        [storeKeyOf('talabat', '662')]: numbersOf(Math.round(orders * 0.6), random),
      },
    }
  })
  await client.db(environment['MONGODB_DATABASE']).collection<BucketDocument>('buckets').insertMany(documents)
  await client.close()
}

function numbersOf(usual: number, random: () => number) {
  const orders = Math.round(usual * (0.9 + random() * 0.2))
  const cancelled = random() < 0.15 ? Math.min(orders, 1) : 0
  const rejected = random() < 0.1 && orders > 1 ? 1 : 0
  const accepted = orders - rejected
  const acceptTimes: Record<string, number> = {}
  for (let each = 0; each < accepted; each += 1) {
    const slot = bucketOf(1_000 * (SECONDS_TO_ACCEPT[Math.floor(random() * SECONDS_TO_ACCEPT.length)] ?? 20))
    acceptTimes[slot] = (acceptTimes[slot] ?? 0) + 1
  }
  return { orders, accepted, rejected, cancelled, failed: 0, acceptTimes, revenue: { AED: accepted * 6_450 } }
}
