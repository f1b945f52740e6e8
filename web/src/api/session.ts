import { useSyncExternalStore } from 'react'

/** Who is signed in. `role` and `client` are read from the token only to decide what to offer: the server decides what is allowed. */
export type Session = { readonly token: string; readonly role: Role; readonly client?: string }
export type Role = 'viewer' | 'operator' | 'admin'
export type SignedOut = { readonly reason: 'none' | 'refused' | 'left' }

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin']
const STORAGE_KEY = 'orderwire-token'

let current: Session | SignedOut = { reason: 'none' }
const listeners = new Set<() => void>()

/** Takes a token out of the address (so that it stays out of history and screenshots), else the one this tab had. */
export function openSession(): void {
  const fragment = new URLSearchParams(location.hash.slice(1)).get('token')
  if (fragment !== null) history.replaceState(null, '', location.pathname + location.search)
  const token = fragment ?? sessionStorage.getItem(STORAGE_KEY)
  if (token !== null && token !== '') signIn(token)
}

export function signIn(token: string): void {
  const bare = token.trim().replace(/^Bearer\s+/i, '')
  sessionStorage.setItem(STORAGE_KEY, bare)
  set({ token: bare, ...readClaims(bare) })
}

/** Forgets the token. `refused`: the server did not take it. */
export function signOut(reason: SignedOut['reason']): void {
  sessionStorage.removeItem(STORAGE_KEY)
  set({ reason })
}

export function currentSession(): Session | SignedOut {
  return current
}

export function useSession(): Session | SignedOut {
  return useSyncExternalStore(subscribe, currentSession)
}

/** Of one client: what is of the whole installation is nothing for it. */
export function isOfOneClient(session: Session | SignedOut): boolean {
  return 'token' in session && session.client !== undefined
}

/** Whether the signed-in role may do what needs `role`. */
export function useMay(role: Role): boolean {
  const session = useSession()
  return 'token' in session && ROLES.indexOf(session.role) >= ROLES.indexOf(role)
}

/** Role and client as the token states them; the least where it does not. */
export function readClaims(token: string): Pick<Session, 'role' | 'client'> {
  try {
    const bytes = Uint8Array.from(atob(base64(token.split('.')[1] ?? '')), (char) => char.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof claims !== 'object' || claims === null) return { role: 'viewer' }
    const { role, client } = claims as { role?: unknown; client?: unknown }
    return {
      role: ROLES.find((each) => each === role) ?? 'viewer',
      ...(typeof client === 'string' && { client }),
    }
  } catch {
    // Not a JWT: the server will say so.
    return { role: 'viewer' }
  }
}

function base64(url: string): string {
  return url.replaceAll('-', '+').replaceAll('_', '/')
}

function set(next: Session | SignedOut): void {
  current = next
  for (const tell of listeners) tell()
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}
