import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react'

const SHOWN_MS = 6_000

type Message = { readonly text: string; readonly tone: 'good' | 'bad' }
type Announce = (text: string, tone?: Message['tone']) => void

const AnnounceContext = createContext<Announce>(() => undefined)

/** Says in one line, on screen and to screen readers, what an action did. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext)
}

export function Announcer({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState<Message>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const announce = useCallback<Announce>((text, tone = 'good') => {
    clearTimeout(timer.current)
    setMessage({ text, tone })
    timer.current = setTimeout(() => setMessage(undefined), SHOWN_MS)
  }, [])
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="announcement" role="status" data-tone={message?.tone}>
        {message?.text}
      </div>
    </AnnounceContext>
  )
}
