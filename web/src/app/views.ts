import {
  Activity,
  Bell,
  BookOpenText,
  Cable,
  ChartSpline,
  Gauge,
  type LucideIcon,
  RotateCw,
  ScrollText,
  ShieldCheck,
  UtensilsCrossed,
} from 'lucide-react'
import type { TextKey } from '../text/en'

export type ViewPath =
  | '/'
  | '/orders'
  | '/logs'
  | '/retries'
  | '/performance'
  | '/analytics'
  | '/menus'
  | '/alerts'
  | '/connections'
  | '/audit'

/** The views in the order of the navigation. `src/graph/dashboard.ts` answers the same paths. */
export const VIEWS: readonly { readonly path: ViewPath; readonly title: TextKey; readonly icon: LucideIcon }[] = [
  { path: '/', title: 'view.live', icon: Activity },
  { path: '/orders', title: 'view.orders', icon: UtensilsCrossed },
  { path: '/logs', title: 'view.logs', icon: ScrollText },
  { path: '/retries', title: 'view.retries', icon: RotateCw },
  { path: '/performance', title: 'view.performance', icon: Gauge },
  { path: '/analytics', title: 'view.analytics', icon: ChartSpline },
  { path: '/menus', title: 'view.menus', icon: BookOpenText },
  { path: '/alerts', title: 'view.alerts', icon: Bell },
  { path: '/connections', title: 'view.connections', icon: Cable },
  { path: '/audit', title: 'view.audit', icon: ShieldCheck },
]
