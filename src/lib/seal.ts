import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Seals secrets for storage with AES-256-GCM. */
export type Sealer = {
  /** @param context what the secret belongs to; the same must be named to open it, so that it cannot be moved elsewhere */
  seal(plain: string, context: string): string
  /** Throws SealError on another key, another context, or a changed text. */
  open(sealed: string, context: string): string
}

export class SealError extends Error {
  override readonly name = 'SealError'
  readonly code = 'SEAL_BROKEN'
}

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** @param encryptionKey any text of at least 32 characters; the AES key is derived from it by HKDF-SHA256 */
export function createSealer(encryptionKey: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'orderwire stored secrets v1', 32))
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return write(sealed)
    },
    open: (sealed, context) => {
      const bytes = Buffer.from(sealed.slice(VERSION.length + 1), 'base64url')
      // Node reads base64 leniently; only the one text that `seal` wrote is taken.
      if (sealed !== write(bytes) || bytes.byteLength < NONCE_BYTES + TAG_BYTES)
        throw new SealError('This is not a sealed secret of version 1')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(
          Buffer.from(context),
        )
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        )
      } catch (cause) {
        throw new SealError('A stored secret cannot be opened: was ENCRYPTION_KEY changed?', { cause })
      }
    },
  }
}

function write(bytes: Buffer): string {
  return `${VERSION}.${bytes.toString('base64url')}`
}
