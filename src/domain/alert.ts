import { hash } from 'node:crypto'
import { z } from 'zod'

export const SEVERITIES = ['warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Something an operator should know, from the moment its rule fired until it cleared. Times RFC 3339 UTC with ms. */
export const alertSchema = z
  .object({
    v: z.literal(1),
    id: z.string(),
    rule: z.string(),
    severity: z.enum(SEVERITIES),
    title: z.string(),
    /** What is wrong, in a sentence. */
    message: z.string(),
    /** What it is about: a registration, a client, or a store on a platform; empty for the whole installation. */
    subject: z.string(),
    /** The client it concerns; null for the whole installation. */
    clientId: z.string().nullable(),
    value: z.number(),
    threshold: z.number(),
    firedAt: z.string(),
    resolvedAt: z.string().nullable(),
  })
  .readonly()
export type Alert = z.infer<typeof alertSchema>

/** Somebody has seen it. */
export const acknowledgementSchema = z.object({ v: z.literal(1), at: z.string(), by: z.string() }).readonly()
export type Acknowledgement = z.infer<typeof acknowledgementSchema>

/** The same rule may fire for the same subject again: that is another alert. */
export function alertIdOf(rule: string, subject: string, firedAt: string): string {
  return `alr_${hash('sha256', `${rule}:${subject}:${firedAt}`, 'hex').slice(0, 24)}`
}
