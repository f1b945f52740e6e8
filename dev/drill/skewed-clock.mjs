// Loaded before a role of the drill: its wall clock is wrong by DRILL_CLOCK_SKEW_MS, its monotonic clock is right.
const skewMs = Number(process.env.DRILL_CLOCK_SKEW_MS ?? 0)
const TrueDate = Date
globalThis.Date = class extends TrueDate {
  constructor(...given) {
    if (given.length === 0) super(TrueDate.now() + skewMs)
    else super(...given)
  }
  static now() {
    return TrueDate.now() + skewMs
  }
}
