import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { useSession } from '../api/session'
import { closeSocket } from '../api/socket'
import { createFeed } from '../live/feed'
import { FeedContext } from '../live/use-feed'
import { TextProvider } from '../text/text'
import { Announcer } from '../ui/announce'
import { AlertsView } from '../views/alerts/alerts'
import { AnalyticsView } from '../views/analytics/analytics'
import { AuditView } from '../views/audit/audit'
import { ConnectionsView } from '../views/connections/connections'
import { EventDrawer } from '../views/event/event-drawer'
import { LiveView } from '../views/live/live'
import { LogsView } from '../views/logs/logs'
import { MenusView } from '../views/menus/menus'
import { OrdersView } from '../views/orders/orders'
import { PerformanceView } from '../views/performance/performance'
import { RetriesView } from '../views/retries/retries'
import { SignIn } from '../views/sign-in'
import { Shell } from './shell'

const STALE_MS = 2_000

export function App() {
  return (
    <TextProvider>
      <Announcer>
        <Entrance />
      </Announcer>
    </TextProvider>
  )
}

/** Sign-in, or the dashboard of whoever is signed in: another token starts everything anew. */
function Entrance() {
  const session = useSession()
  return 'token' in session ? <Dashboard key={session.token} /> : <SignIn reason={session.reason} />
}

function Dashboard() {
  const [queries] = useState(
    () =>
      new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: STALE_MS, refetchOnWindowFocus: true } } }),
  )
  const [feed] = useState(createFeed)
  useEffect(() => {
    feed.start()
    return () => {
      feed.stop()
      closeSocket()
    }
  }, [feed])
  return (
    <QueryClientProvider client={queries}>
      <FeedContext value={feed}>
        <Shell>
          <Switch>
            <Route path="/" component={LiveView} />
            <Route path="/orders" component={OrdersView} />
            <Route path="/logs" component={LogsView} />
            <Route path="/retries" component={RetriesView} />
            <Route path="/performance" component={PerformanceView} />
            <Route path="/analytics" component={AnalyticsView} />
            <Route path="/menus" component={MenusView} />
            <Route path="/alerts" component={AlertsView} />
            <Route path="/connections" component={ConnectionsView} />
            <Route path="/audit" component={AuditView} />
            <Route>
              <Redirect to="/" replace />
            </Route>
          </Switch>
          <EventDrawer />
        </Shell>
      </FeedContext>
    </QueryClientProvider>
  )
}
