/** What to make durable. */
export type StreamMessage = {
  readonly subject: string
  readonly data: Uint8Array
  /** Printable ASCII only, without line breaks. */
  readonly headers?: Readonly<Record<string, string>>
}

/** `stored` means fsynced by the server. `unavailable`: not known to be durable; the sender must try again. */
export type PublishResult =
  | { readonly outcome: 'stored'; readonly duplicate: boolean }
  | {
      readonly outcome: 'unavailable'
      readonly reason: string
      /** Nothing was stored: the subject was written since the sequence that `Nats-Expected-Last-Subject-Sequence` names. */
      readonly isConflict?: true
    }
