import { Languages, LogOut, Monitor, Moon, SquareTerminal, Sun } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { setServerClock } from '../api/clock'
import { AlertsDocument, HealthDocument } from '../api/generated'
import { useApi } from '../api/hooks'
import { signOut, useSession } from '../api/session'
import { useFeedSnapshot } from '../live/use-feed'
import { useText } from '../text/text'
import { useTheme } from './theme'
import { VIEWS } from './views'

const ALERTS_MS = 10_000
const CLOCK_MS = 60_000
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const

/** The frame around every view: navigation, the connection's state, who is signed in. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useText()
  useServerClock()
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <aside className="sidebar">
        <div className="brand">
          <BrandMark />
          <span className="brand-name">orderwire</span>
          <ConnectionDot />
        </div>
        <Navigation />
        <Preferences />
      </aside>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** Deadlines count down by the server's clock, whatever this machine's says. */
function useServerClock(): void {
  const { data, dataUpdatedAt } = useApi(HealthDocument, { variables: {}, everyMs: CLOCK_MS })
  useEffect(() => {
    if (data !== undefined) setServerClock(data.health.timestamp, dataUpdatedAt)
  }, [data, dataUpdatedAt])
}

function BrandMark() {
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M7 20c4 0 4-8 9-8s5 8 9 8" />
    </svg>
  )
}

function ConnectionDot() {
  const { t } = useText()
  const { state } = useFeedSnapshot()
  return (
    <span className="connection" data-state={state} role="status">
      {t(`connection.${state}`)}
    </span>
  )
}

function Navigation() {
  const { t } = useText()
  const [location] = useLocation()
  const bar = useRef<HTMLElement>(null)
  // On a phone the bar holds more views than are in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view in front is what is scrolled to
  useEffect(() => {
    // The page's direction is set after this.
    const frame = requestAnimationFrame(() =>
      bar.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    )
    return () => cancelAnimationFrame(frame)
  }, [location])
  return (
    <nav className="navigation" aria-label={t('app.views')} ref={bar}>
      {VIEWS.map(({ path, title, icon: Icon }) => (
        <Link key={path} href={path} aria-current={location === path ? 'page' : undefined}>
          <Icon size={17} aria-hidden="true" />
          <span>{t(title)}</span>
          {path === '/alerts' && <AlertCount />}
        </Link>
      ))}
    </nav>
  )
}

/** Alerts that nobody has acknowledged. */
function AlertCount() {
  const { t, number } = useText()
  const { data } = useApi(AlertsDocument, { variables: { active: true }, everyMs: ALERTS_MS })
  const open = data?.alerts.filter(({ acknowledgedAt }) => acknowledgedAt === null).length ?? 0
  if (open === 0) return null
  return (
    <b className="alert-count">
      {number(open)}
      <i className="unseen"> {t('alerts.active')}</i>
    </b>
  )
}

function Preferences() {
  const { t, language, setLanguage } = useText()
  const [theme, nextTheme] = useTheme()
  const session = useSession()
  const ThemeIcon = THEME_ICONS[theme]
  if (!('token' in session)) return null
  return (
    <div className="preferences">
      <button type="button" className="quiet" onClick={nextTheme} title={t(`app.theme.${theme}`)}>
        <ThemeIcon size={16} aria-hidden="true" />
        <span>{t(`app.theme.${theme}`)}</span>
      </button>
      <button
        type="button"
        className="quiet"
        lang={language === 'en' ? 'ar' : 'en'}
        onClick={() => setLanguage(language === 'en' ? 'ar' : 'en')}
        title={t('app.language')}
      >
        <Languages size={16} aria-hidden="true" />
        <span>{t('app.language')}</span>
      </button>
      <a className="quiet" href="/graphql" target="_blank" rel="noreferrer" title={t('app.graphiql')}>
        <SquareTerminal size={16} aria-hidden="true" />
        <span>{t('app.graphiql')}</span>
      </a>
      <button type="button" className="quiet" onClick={() => signOut('left')} title={t('app.signOut')}>
        <LogOut size={16} aria-hidden="true" />
        <span>{t('app.signOut')}</span>
      </button>
      <p className="who">
        {session.client === undefined
          ? t('app.role', { role: session.role })
          : t('app.roleClient', { role: session.role, client: session.client })}
      </p>
    </div>
  )
}
