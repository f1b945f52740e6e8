import type { Money } from '../../domain/order.js'
import type { Builder } from '../builder.js'

/** Money, as every type that has amounts shows it. */
export function defineMoney(builder: Builder) {
  return builder.objectRef<Money>('Money').implement({
    description: 'Integer minor units of an ISO 4217 currency: KWD 7.250 is 7250',
    fields: (t) => ({ amount: t.exposeInt('amount'), currency: t.exposeString('currency') }),
  })
}
