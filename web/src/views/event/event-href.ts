import { useCallback } from 'react'
import { useLocation, useSearchParams } from 'wouter'

const PARAMETER = 'event'

/** The address of the view in front with this event opened over it: it can be sent to a colleague. */
export function eventHref(id: string): string {
  const search = new URLSearchParams(location.search)
  search.set(PARAMETER, id)
  return `${location.pathname}?${search}`
}

/** The event that is open, and what closes it. */
export function useOpenEvent(): readonly [string | null, () => void] {
  const [search] = useSearchParams()
  const [path, navigate] = useLocation()
  const close = useCallback(() => {
    const rest = new URLSearchParams(location.search)
    rest.delete(PARAMETER)
    navigate(rest.size === 0 ? path : `${path}?${rest}`)
  }, [path, navigate])
  return [search.get(PARAMETER), close]
}
