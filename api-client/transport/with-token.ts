// Sends a bearer token. Tokens from files rotate: the file is read again once a minute, and at once after a 401.
import { readFile } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import type { Transport } from './transport.ts'

export interface TokenSource {
  token(): Promise<string>
  /** The server refused the token: the next one must be fresh. */
  refused(): void
}

const tokenFileMs = 60_000

export function fixedToken(token: string): TokenSource {
  return { token: () => Promise.resolve(token), refused: () => undefined }
}

export function tokenOfFile(path: string, clock: Pick<Clock, 'now'>): TokenSource {
  return renewedToken(
    async () => ({ token: (await readFile(path, 'utf8')).trim(), expiresAtMs: clock.now() + tokenFileMs }),
    clock,
  )
}

/** One read serves all requests that come while it runs. */
export function renewedToken(
  read: () => Promise<{ token: string; expiresAtMs: number }>,
  clock: Pick<Clock, 'now'>,
): TokenSource {
  let current: Promise<{ token: string; expiresAtMs: number }> | undefined
  let expiresAtMs = 0
  return {
    async token() {
      if (!current || clock.now() >= expiresAtMs) {
        expiresAtMs = Number.POSITIVE_INFINITY
        current = read()
      }
      const reading = current
      try {
        const found = await reading
        if (current === reading) expiresAtMs = found.expiresAtMs
        return found.token
      } catch (error) {
        if (current === reading) current = undefined
        throw error
      }
    },
    refused() {
      current = undefined
    },
  }
}

export function withToken(next: Transport, source: TokenSource): Transport {
  return async request => {
    const authorization = `Bearer ${await source.token()}`
    const response = await next({ ...request, headers: { ...request.headers, authorization } })
    if (response.status === 401) source.refused()
    return response
  }
}
