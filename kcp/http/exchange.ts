// A request and a response as every filter and handler sees them, for HTTP/2, HTTP/1.1 and in-process calls alike.
import type { UserInfo } from '../../api/user.ts'
import type { RequestInfo } from './request-info.ts'

export interface ApiRequest {
  readonly method: string
  /** Decoded-once path without the query, e.g. /clusters/root/api/v1/namespaces. Filters may shorten it. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Reads the whole body once; throws StatusError 413 above the limit (3 MiB, as kube-apiserver). */
  body(): Promise<Uint8Array>
  /** Fires when the client went away or the server stops. */
  readonly signal: AbortSignal
  readonly remoteAddress: string
  /** Verified client certificate, when the TLS layer saw one. */
  readonly clientCertificate?: { readonly commonName: string; readonly organizations: readonly string[] }
  /** Logical cluster of the path: a name, '*' or '' when there was none. Set by withCluster. */
  readonly cluster: string
  /** As the client typed it, when it differs from the name; for messages. */
  readonly clusterPath: string
  /** Set by withAuthentication. */
  readonly user?: UserInfo
  /** Set by withRequestInfo. */
  readonly info?: RequestInfo
  readonly warnings: string[]
}

export interface ApiResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Whole, in pieces that are copied one after the other, or a stream that is flushed after each chunk. */
  readonly body: Uint8Array | string | readonly Uint8Array[] | AsyncIterable<Uint8Array>
}

/** undefined: this path is not mine. */
export type PathHandler = (request: ApiRequest) => Promise<ApiResponse | undefined>
export type Handler = (request: ApiRequest) => Promise<ApiResponse>
export type Filter = (next: Handler) => Handler

/** The first filter in the list is the outermost one: it sees the request first. */
export function chain(filters: readonly Filter[], handler: Handler): Handler {
  return filters.reduceRight((next, filter) => filter(next), handler)
}
