import type { Menu, MenuCategory, MenuDiff, MenuGroup, MenuItem, MenuVersion } from '../../domain/menu.js'
import type { Money } from '../../domain/order.js'
import type { Builder, ObjectType } from '../builder.js'
import { pageOf } from '../cursor.js'
import { findMenu, listMenus } from '../operations/list-menus.js'
import { withoutNulls } from '../operations/without-nulls.js'
import { connectionOf, defineConnection, type definePageInfo } from './connection.js'
import type { Enums } from './enums.js'

type Refs = {
  readonly enums: Enums
  readonly pageInfo: ReturnType<typeof definePageInfo>
  readonly money: ObjectType<Money>
}

/** Menus: the objects, `menu` and `menus`. */
export function defineMenu(builder: Builder, { enums, pageInfo, money }: Refs): void {
  const item = defineItem(builder, money)
  const group = defineGroup(builder)
  const category = defineCategory(builder)
  const version = defineVersion(builder, money)
  const menu = builder.objectRef<Menu>('Menu').implement({
    description: "A store's menu on one platform, as the platform's events told it",
    fields: (t) => ({
      id: t.exposeID('id'),
      provider: t.expose('provider', { type: enums.ProviderName }),
      clientId: t.exposeID('clientId'),
      storeRef: t.exposeString('storeRef', { nullable: true, description: "The platform's id of the restaurant" }),
      version: t.exposeInt('version', { description: 'Grows with every update that was applied' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
      categories: t.expose('categories', { type: [category] }),
      items: t.expose('items', { type: [item], description: 'Dishes, and what groups offer with them' }),
      groups: t.expose('groups', { type: [group] }),
      versions: t.expose('versions', { type: [version], description: 'The last updates, newest last' }),
    }),
  })
  const connection = defineConnection(builder, pageInfo, {
    name: 'Menu',
    list: 'menu',
    node: menu,
    positionOf: ({ updatedAt, id }) => ({ at: updatedAt, id }),
  })
  builder.queryFields((t) => ({
    menu: t.field({
      type: menu,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { viewer, ports }) => findMenu(viewer, id, ports.menus),
    }),
    menus: t.field({
      type: connection,
      description: 'Those that changed last first',
      args: {
        clientId: t.arg.id(),
        provider: t.arg({ type: enums.ProviderName }),
        first: t.arg.int({ defaultValue: 20 }),
        after: t.arg.string(),
      },
      resolve: async (_, { clientId, provider, ...args }, { viewer, ports, budget }) => {
        const page = pageOf('menu', args)
        budget.charge(page.limit)
        const { total, ...listed } = await listMenus(viewer, withoutNulls({ clientId, provider }), page, ports.menus)
        return connectionOf(page, listed, total)
      },
    }),
  }))
}

function defineItem(builder: Builder, money: ObjectType<Money>): ObjectType<MenuItem> {
  return builder.objectRef<MenuItem>('MenuItem').implement({
    description: 'Null is "never told"',
    fields: (t) => ({
      externalId: t.exposeString('externalId'),
      name: t.field({
        type: 'JSON',
        nullable: true,
        description: 'By language: {"en": …, "ar": …}; und where the platform does not say',
        resolve: ({ name }) => name,
      }),
      price: t.expose('price', { type: money, nullable: true }),
      available: t.exposeBoolean('available', { nullable: true }),
      unavailableUntil: t.expose('unavailableUntil', { type: 'DateTime', nullable: true }),
      categoryIds: t.stringList({ resolve: ({ categoryIds }) => [...categoryIds] }),
      groupIds: t.stringList({ resolve: ({ groupIds }) => [...groupIds] }),
    }),
  })
}

function defineCategory(builder: Builder): ObjectType<MenuCategory> {
  return builder.objectRef<MenuCategory>('MenuCategory').implement({
    fields: (t) => ({
      externalId: t.exposeString('externalId'),
      name: t.field({ type: 'JSON', nullable: true, resolve: ({ name }) => name }),
      itemIds: t.stringList({ resolve: ({ itemIds }) => [...itemIds] }),
    }),
  })
}

function defineGroup(builder: Builder): ObjectType<MenuGroup> {
  return builder.objectRef<MenuGroup>('MenuGroup').implement({
    description: 'A choice that goes with an item',
    fields: (t) => ({
      externalId: t.exposeString('externalId'),
      name: t.field({ type: 'JSON', nullable: true, resolve: ({ name }) => name }),
      min: t.exposeInt('min', { nullable: true }),
      max: t.exposeInt('max', { nullable: true }),
      itemIds: t.stringList({ resolve: ({ itemIds }) => [...itemIds] }),
    }),
  })
}

function defineVersion(builder: Builder, money: ObjectType<Money>): ObjectType<MenuVersion> {
  const price = builder.objectRef<MenuDiff['price'][number]>('MenuPriceChange').implement({
    fields: (t) => ({
      externalId: t.exposeString('externalId'),
      from: t.expose('from', { type: money, nullable: true }),
      to: t.expose('to', { type: money, nullable: true }),
    }),
  })
  const availability = builder.objectRef<MenuDiff['availability'][number]>('MenuAvailabilityChange').implement({
    fields: (t) => ({ externalId: t.exposeString('externalId'), available: t.exposeBoolean('available') }),
  })
  return builder.objectRef<MenuVersion>('MenuVersion').implement({
    description: 'One update and what it changed; at most 500 items of each kind are named',
    fields: (t) => ({
      version: t.exposeInt('version'),
      eventId: t.exposeID('eventId', { description: 'Its log' }),
      occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
      outcome: t.exposeString('outcome', { description: 'applied, or late: a newer update was there before' }),
      status: t.exposeString('status', { nullable: true, description: "How the platform's import went" }),
      errors: t.stringList({ resolve: ({ errors }) => [...errors] }),
      added: t.stringList({ resolve: ({ diff }) => [...diff.added] }),
      removed: t.stringList({ resolve: ({ diff }) => [...diff.removed] }),
      price: t.field({ type: [price], resolve: ({ diff }) => [...diff.price] }),
      availability: t.field({ type: [availability], resolve: ({ diff }) => [...diff.availability] }),
    }),
  })
}
