/**
 * Orders of the next hours, by Holt–Winters' method with two seasons, of a day and of a week, without a trend, and damped
 * by what the last hours were beside the forecast (Taylor 2003, additive, with the AR(1) correction of its errors).
 * docs/decisions/0021-forecast.md says why, and what it is worth on simulated months.
 */
export type Forecast = {
  /** Expected orders of each coming hour, never negative. */
  readonly hours: readonly number[]
  /**
   * How far the last week's hours were from what was expected of each an hour before, beside the root of it: 1 where
   * all is chance (Poisson), more where days differ.
   */
  readonly spread: number
}

const DAY = 24
const WEEK = 7 * DAY
/** Less history knows no week. */
export const MIN_HISTORY_HOURS: number = 2 * WEEK

/** Chosen on simulated months (test/unit/domain/forecast.test.ts); level, day and week move slowly, for orders are few. */
const LEVEL = 0.02
const DAILY = 0.02
const WEEKLY = 0.12
const CARRY = 0.3

/**
 * @param orders of every hour, oldest first, without gaps; at least MIN_HISTORY_HOURS of them, or null is answered
 * @param ahead how many hours to look ahead
 */
export function forecast(orders: readonly number[], ahead: number): Forecast | null {
  if (orders.length < MIN_HISTORY_HOURS) return null
  const { level, daily, weekly, errors, surprises } = learn(orders)
  const lastError = errors.at(-1) ?? 0
  const hours = Array.from({ length: ahead }, (_, index) => {
    const at = orders.length + index
    const usual = level + (daily[at % DAY] ?? 0) + (weekly[at % WEEK] ?? 0)
    return Math.max(0, usual + lastError * CARRY ** (index + 1))
  })
  const recent = surprises.slice(-WEEK)
  return { hours, spread: Math.max(1, Math.sqrt(average(recent.map((surprise) => surprise * surprise)))) }
}

/** One standard deviation around what is expected, in orders: a quiet hour is narrow, a busy one wide. */
export function deviationOf(expected: number, spread: number): number {
  return spread * Math.sqrt(Math.max(1, expected))
}

/** The same hour of the week before: what any forecast must beat. */
export function naiveForecast(orders: readonly number[], ahead: number): readonly number[] {
  return Array.from({ length: ahead }, (_, index) => orders[orders.length - WEEK + (index % WEEK)] ?? 0)
}

/** Whether an hour is so far from what was expected of it that somebody should look: `low`, `high`, or null. */
export function anomalyOf(actual: number, expected: number, spread: number): 'low' | 'high' | null {
  const away = (actual - expected) / deviationOf(expected, spread)
  return away > ANOMALY ? 'high' : away < -ANOMALY ? 'low' : null
}

const ANOMALY = 3

/** One pass over the history: the first two weeks give the seasons, the rest moves them. */
function learn(orders: readonly number[]) {
  const start = orders.slice(0, MIN_HISTORY_HOURS)
  const mean = average(start)
  const daily = Array.from({ length: DAY }, (_, hour) => average(start.filter((_, at) => at % DAY === hour)) - mean)
  const weekly = Array.from({ length: WEEK }, (_, hour) => {
    const seen = average(start.filter((_, at) => at % WEEK === hour))
    return (seen - mean - (daily[hour % DAY] ?? 0)) / 2
  })
  let level = mean
  const errors: number[] = []
  const surprises: number[] = []
  for (let at = 0; at < orders.length; at += 1) {
    const [day, week] = [at % DAY, at % WEEK]
    const [ofDay, ofWeek] = [daily[day] ?? 0, weekly[week] ?? 0]
    const carried = (errors.at(-1) ?? 0) * CARRY
    const error = (orders[at] ?? 0) - (level + ofDay + ofWeek)
    const surprise = error - carried
    level += LEVEL * surprise
    daily[day] = ofDay + DAILY * surprise
    weekly[week] = ofWeek + WEEKLY * surprise
    errors.push(error)
    surprises.push(surprise / Math.sqrt(Math.max(1, (orders[at] ?? 0) - surprise)))
  }
  return { level, daily, weekly, errors, surprises }
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
