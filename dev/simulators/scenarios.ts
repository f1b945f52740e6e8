/** What goes wrong on the way, and how busy it is. */
export type Scenario = {
  /** For people. */
  readonly tells: string
  /** Chance that a message is sent again, byte for byte. */
  readonly resend: number
  /** Chance that somebody without the secret sends the message first. */
  readonly forge: number
  /** Chance that an order is cancelled when it was about to be done. */
  readonly cancel: number
  /** A message may be this late on its way, so that later ones overtake it. */
  readonly delayMs: number
  /** How far the platform's clock is off; one for each order. */
  readonly skewMs: readonly [number, ...number[]]
  /** Share of the full rate at a time since the start: 0 < share ≤ 1. */
  rateAt(elapsedMs: number): number
}

const steady: Scenario = {
  tells: 'orders at an even rate, and all goes well',
  resend: 0,
  forge: 0,
  cancel: 0,
  delayMs: 0,
  skewMs: [0],
  rateAt: () => 1,
}

/** A lunch is over in two minutes here. */
export const LUNCH_MS = 120_000
const BEFORE_LUNCH = 0.1

export const SCENARIOS = {
  steady,
  'lunch-peak': {
    ...steady,
    tells: 'from a tenth of the rate to all of it and back, every two minutes',
    rateAt: (elapsedMs) => BEFORE_LUNCH + (1 - BEFORE_LUNCH) * Math.sin((Math.PI * elapsedMs) / LUNCH_MS) ** 2,
  },
  duplicates: { ...steady, tells: 'two of three messages come again', resend: 0.67 },
  disorder: { ...steady, tells: 'messages are up to 20 s late and overtake each other', delayMs: 20_000 },
  'late-cancel': {
    ...steady,
    tells: 'two of three orders are cancelled when they were about to be done',
    cancel: 0.67,
  },
  'bad-signatures': { ...steady, tells: 'a third of the messages is forged first', forge: 0.33 },
  'clock-skew': {
    ...steady,
    tells: "the platform's clock is off: four minutes are borne, ten are not where times are signed",
    skewMs: [-600_000, -240_000, 240_000, 600_000],
  },
  everyday: {
    ...steady,
    tells: 'a little of everything, as on real platforms',
    resend: 0.04,
    forge: 0.01,
    cancel: 0.08,
  },
} satisfies Readonly<Record<string, Scenario>>

export function findScenario(name: string): Scenario {
  const scenarios: Readonly<Record<string, Scenario>> = SCENARIOS
  const found = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
  if (found !== undefined) return found
  const known = Object.keys(SCENARIOS).join(', ')
  throw Object.assign(new Error(`There is no scenario ${name}. There are ${known}.`), { code: 'NO_SCENARIO' })
}
