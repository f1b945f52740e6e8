import type { Random } from './random.js'

/** A dish as the simulated platforms sell it; `price` in minor units of two decimals. */
export type Dish = {
  readonly sku: string
  readonly name: string
  readonly price: number
  readonly extra: { readonly sku: string; readonly name: string; readonly price: number }
}

const DISHES: readonly [Dish, ...Dish[]] = [
  {
    sku: 'PLU-SHW',
    name: 'Chicken shawarma plate',
    price: 4_200,
    extra: { sku: 'PLU-GRL', name: 'Garlic dip', price: 300 },
  },
  {
    sku: 'PLU-HUM',
    name: 'Hummus Beiruti',
    price: 1_850,
    extra: { sku: 'PLU-PIN', name: 'Extra pine nuts', price: 400 },
  },
  { sku: 'PLU-TAO', name: 'شيش طاووق', price: 4_600, extra: { sku: 'PLU-BRD', name: 'خبز إضافي', price: 200 } },
  { sku: 'PLU-KBS', name: 'كبسة دجاج', price: 3_400, extra: { sku: 'PLU-DQS', name: 'دقوس', price: 250 } },
  { sku: 'PLU-FAL', name: 'Falafel wrap', price: 1_600, extra: { sku: 'PLU-TAH', name: 'Tahini', price: 150 } },
  { sku: 'PLU-LEM', name: 'Lemon mint', price: 1_200, extra: { sku: 'PLU-ICE', name: 'Crushed ice', price: 0 } },
]

const NAMES: readonly [string, ...string[]] = [
  'Layla H.',
  'Omar S.',
  'نورة',
  'Yousef A.',
  'Mariam K.',
  'خالد',
  'Anna P.',
  'Rashid M.',
]

/** What one guest ordered. */
export type Basket = {
  readonly guest: string
  readonly phone: string
  readonly lines: readonly { readonly dish: Dish; readonly quantity: number; readonly extras: number }[]
  /** Minor units: dishes and extras. */
  readonly total: number
}

export function fillBasket(random: Random): Basket {
  const lines = Array.from({ length: random.int(1, 3) }, () => ({
    dish: random.pick(DISHES),
    quantity: random.int(1, 3),
    extras: random.int(0, 1),
  }))
  const total = lines.reduce(
    (sum, { dish, quantity, extras }) => sum + dish.price * quantity + dish.extra.price * extras,
    0,
  )
  return { guest: random.pick(NAMES), phone: `+97150${random.int(1_000_000, 9_999_999)}`, lines, total }
}

/** Minor units where a platform prices extras per piece. */
export function perPieceTotal({ lines }: Basket): number {
  return lines.reduce((sum, { dish, quantity, extras }) => sum + (dish.price + dish.extra.price * extras) * quantity, 0)
}
