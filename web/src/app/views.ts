import {
  Activity,
  Bell,
  Cable,
  ChartSpline,
  type LucideIcon,
  RotateCw,
  ScrollText,
  UtensilsCrossed,
} from 'lucide-react'
import type { TextKey } from '../text/en'

export type ViewPath = '/' | '/orders' | '/logs' | '/retries' | '/performance' | '/alerts' | '/connections'

/** The views in the order of the navigation. `src/graph/dashboard.ts` answers the same paths. */
export const VIEWS: readonly { readonly path: ViewPath; readonly title: TextKey; readonly icon: LucideIcon }[] = [
  { path: '/', title: 'view.live', icon: Activity },
  { path: '/orders', title: 'view.orders', icon: UtensilsCrossed },
  { path: '/logs', title: 'view.logs', icon: ScrollText },
  { path: '/retries', title: 'view.retries', icon: RotateCw },
  { path: '/performance', title: 'view.performance', icon: ChartSpline },
  { path: '/alerts', title: 'view.alerts', icon: Bell },
  { path: '/connections', title: 'view.connections', icon: Cable },
]
