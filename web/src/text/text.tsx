import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { ar } from './ar'
import { en, type TextKey } from './en'
import type { Plural } from './plural'

export const LANGUAGES = {
  // Latin digits in both: times and amounts are compared with receipts and screens of the restaurant.
  en: { table: en as Readonly<Record<TextKey, string | Plural>>, locale: 'en-GB', direction: 'ltr' },
  ar: { table: ar, locale: 'ar-u-nu-latn', direction: 'rtl' },
} as const
export type Language = keyof typeof LANGUAGES

type Values = Readonly<Record<string, string | number>>

export type Text = {
  readonly language: Language
  setLanguage(language: Language): void
  /** A sentence of the table; `count` also chooses its plural form. */
  t(key: TextKey, values?: Values): string
  number(value: number): string
  percent(share: number): string
  /** 14:05:09, or with the day when it is not today's. */
  time(at: string | number): string
  /** A span of milliseconds in one or two units: 4 s, 2 min 5 s, 3 h 10 min. */
  span(ms: number): string
  money(amount: { readonly amount: number; readonly currency: string }): string
}

const TextContext = createContext<Text | null>(null)
const STORAGE_KEY = 'orderwire-language'

export function TextProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage)
  useEffect(() => {
    localStorage.setItem(STORAGE_KEY, language)
    document.documentElement.lang = language
    document.documentElement.dir = LANGUAGES[language].direction
  }, [language])
  const text = useMemo(() => ({ ...createText(language), setLanguage }), [language])
  return <TextContext value={text}>{children}</TextContext>
}

export function useText(): Text {
  const text = useContext(TextContext)
  if (text === null) throw new Error('no text above this component')
  return text
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(STORAGE_KEY)
  if (kept === 'en' || kept === 'ar') return kept
  return navigator.language.startsWith('ar') ? 'ar' : 'en'
}

export function createText(language: Language): Omit<Text, 'setLanguage'> {
  const { table, locale } = LANGUAGES[language]
  const plurals = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const times = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
  const days = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'narrow',
      maximumFractionDigits: 0,
    }).format(value)
  const number = (value: number): string => numbers.format(value)
  return {
    language,
    number,
    t: (key, values = {}) => {
      const entry = table[key]
      const count = values['count']
      const sentence = typeof entry === 'string' ? entry : (entry[plurals.select(Number(count))] ?? entry.other)
      return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = values[name]
        return typeof value === 'number' ? number(value) : (value ?? '')
      })
    },
    percent: (share) => percents.format(share),
    time: (at) => {
      const date = new Date(at)
      return date.toDateString() === new Date().toDateString() ? times.format(date) : days.format(date)
    },
    span: (ms) => {
      const seconds = Math.max(0, Math.round(ms / 1_000))
      if (seconds < 60) return unit(seconds, 'second')
      if (seconds < 3_600) return `${unit(Math.floor(seconds / 60), 'minute')} ${unit(seconds % 60, 'second')}`
      return `${unit(Math.floor(seconds / 3_600), 'hour')} ${unit(Math.floor((seconds % 3_600) / 60), 'minute')}`
    },
    money: ({ amount, currency }) => {
      const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
      return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
    },
  }
}
