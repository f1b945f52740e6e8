import { seeded } from './seeded.js'

/** The shape of a restaurant's day: lunch and a long evening (UTC+3 or so; the phase does not matter). */
const DAY_SHAPE = [1, 0.5, 0.2, 0.1, 0.1, 0.1, 0.2, 0.5, 1, 2, 4, 6, 5, 3, 2, 2, 3, 5, 8, 10, 9, 6, 4, 2]
/** Weekend evenings are busier. */
const WEEK_SHAPE = [0.8, 0.85, 0.9, 1, 1.3, 1.5, 1.1]

/**
 * A store's orders by the hour: its day, its week, a level that wanders, days that are busier or quieter than others as
 * weather and matches make them, and Poisson's chance.
 */
export function simulateOrders(options: {
  readonly seed: number
  readonly weeks: number
  /** Mean orders an hour. */
  readonly mean: number
}): readonly number[] {
  const random = seeded(options.seed)
  const shapeMean = DAY_SHAPE.reduce((sum, each) => sum + each, 0) / DAY_SHAPE.length
  let drift = 1
  let mood = 1
  return Array.from({ length: options.weeks * 168 }, (_, hour) => {
    if (hour % 24 === 0) {
      drift = Math.min(1.6, Math.max(0.6, drift * (1 + (random() - 0.5) * 0.06)))
      mood = 1 + (random() - 0.5) * 0.5
    }
    const day = (DAY_SHAPE[hour % 24] ?? 0) / shapeMean
    const week = WEEK_SHAPE[Math.floor(hour / 24) % 7] ?? 1
    return poisson(options.mean * day * week * drift * mood, random)
  })
}

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean)
  let product = random()
  let count = 0
  while (product > limit) {
    product *= random()
    count += 1
  }
  return count
}
