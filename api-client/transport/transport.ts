// The one narrow waist of the client: a request goes in, a response comes out. TLS, retry and the in-process path to
// our own server are implementations or wrappers of this function.

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, starting with a slash. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Read once. A watch stays open until its signal fires or the server ends it. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Rejects only when no response arrived; a status of 4xx or 5xx is a response. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>
