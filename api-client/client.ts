// A client of any Kubernetes API, for objects of any kind. The same interface serves remote servers and, over an
// in-process transport, the controllers inside our own. Every failure is a StatusError or a transport's error.
import type { GroupVersionResource, KubeList, KubeObject, WatchEvent } from '../api/objects.ts'
import type { TransportRequest, TransportResponse } from './transport/transport.ts'

/** The GVR may carry a kcp identity: resource `deployments:<identityHash>`. */
export interface Target {
  readonly namespace?: string
  readonly name: string
  readonly subresource?: string
}

export interface WriteOptions {
  readonly fieldManager?: string
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}

export interface ListOptions {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  /** Unset reads the most recent; '0' anything cached. */
  readonly resourceVersion?: string
  /** Asks for metadata only (PartialObjectMetadata); objects then have no spec or status. */
  readonly metadataOnly?: boolean
  readonly signal?: AbortSignal
}

export interface WatchOptions extends Omit<ListOptions, 'limit' | 'continue' | 'signal'> {
  readonly resourceVersion: string
  /** The server ends the watch after this time. Seconds. */
  readonly timeoutSeconds?: number
  readonly signal: AbortSignal
}

export type Patch =
  | { readonly type: 'json'; readonly body: unknown }
  | { readonly type: 'merge'; readonly body: unknown }
  | { readonly type: 'strategic'; readonly body: unknown }
  | { readonly type: 'apply'; readonly body: unknown; readonly force?: boolean }

export interface DeleteOptions {
  readonly uid?: string
  readonly resourceVersion?: string
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly signal?: AbortSignal
}

export interface Client {
  /** The same client for one logical cluster (name or path) or `*`: prefixes paths with `/clusters/<cluster>`. */
  cluster(cluster: string): Client
  get<T extends KubeObject = KubeObject>(
    gvr: GroupVersionResource,
    target: Target,
    options?: { signal?: AbortSignal },
  ): Promise<T>
  /** One page; follow `metadata.continue`, or use listAll of resources/. */
  list<T extends KubeObject = KubeObject>(gvr: GroupVersionResource, options?: ListOptions): Promise<KubeList<T>>
  /** Namespace and name come from the object; `subresource` e.g. token with the owner's name in `name`. */
  create<T extends KubeObject = KubeObject>(
    gvr: GroupVersionResource,
    object: T,
    options?: WriteOptions & { name?: string; subresource?: string },
  ): Promise<T>
  update<T extends KubeObject = KubeObject>(
    gvr: GroupVersionResource,
    object: T,
    options?: WriteOptions & { subresource?: string },
  ): Promise<T>
  patch<T extends KubeObject = KubeObject>(
    gvr: GroupVersionResource,
    target: Target,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T>
  delete(gvr: GroupVersionResource, target: Target, options?: DeleteOptions): Promise<void>
  deleteCollection(gvr: GroupVersionResource, options?: ListOptions & DeleteOptions): Promise<void>
  /** Ends when the server ends it or the signal fires; an ERROR event is thrown as StatusError. Bookmarks are passed on. */
  watch<T extends KubeObject = KubeObject>(
    gvr: GroupVersionResource,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>
  /** For discovery, OpenAPI, health: path below this client's prefix. */
  request(request: TransportRequest): Promise<TransportResponse>
}
