// A whole API server on the memory store, in process: requests go through every filter, without a socket.
// Everybody is who the bearer token says (admin without one); permissions are what the options say.
import type { KubeObject } from '../../api/objects.ts'
import type { UserInfo } from '../../api/user.ts'
import { type Authorizer, allow } from '../../kcp/auth/authorizer.ts'
import { type ApiServerOptions, createApiHandler } from '../../kcp/http/api-server.ts'
import type { ApiRequest, ApiResponse, Handler } from '../../kcp/http/exchange.ts'
import { silentLog } from '../../kcp/http/log.ts'
import { parseRequestTarget } from '../../kcp/http/request-target.ts'
import { admitAll, createRegistry, type Registry } from '../../kcp/registry/registry.ts'
import type { Admission, ApiSet, Catalog, ResourceType } from '../../kcp/registry/resource.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import type { Store } from '../../kcp/storage/store.ts'
import { configMaps, widgets } from './resource-types.ts'

export interface TestServerOptions {
  readonly types?: readonly ResourceType[]
  readonly admission?: Admission
  readonly authorize?: Authorizer
  readonly store?: Store
  readonly newUid?: () => string
  /** `/clusters/<name>/…` paths and kcp.io/cluster annotations; true unless said. */
  readonly isKcp?: boolean
  readonly overrides?: Partial<ApiServerOptions>
}

export interface TestServer {
  readonly handler: Handler
  readonly store: Store
  readonly registry: Registry
  readonly catalog: Catalog
  /** Replaces the types of all clusters, as a deleted CRD would. */
  setTypes(types: readonly ResourceType[]): void
  send(method: string, target: string, options?: SendOptions): Promise<TestResponse>
  /** Events of a watch until `stop`; each is parsed. */
  watch(target: string, options?: SendOptions): Promise<TestWatch>
}

export interface SendOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestResponse {
  readonly status: number
  readonly headers: ApiResponse['headers']
  readonly text: string
  /** The body as JSON of unknown shape; tests compare it as a whole or member by member. */
  readonly json: KubeObject & { message: string; reason: string; items: KubeObject[] }
}

export interface TestWatch {
  next(): Promise<{ type: string; object: KubeObject & { code?: number } } | undefined>
  stop(): void
}

export const testTime = new Date('2026-01-02T03:04:05Z')

export function startTestServer(options: TestServerOptions = {}): TestServer {
  const isKcp = options.isKcp ?? true
  const store = options.store ?? createMemoryStore()
  const registry = createRegistry({
    store,
    admission: options.admission ?? admitAll,
    annotatesCluster: isKcp,
    ...(options.newUid ? { newUid: options.newUid } : {}),
  })
  const catalog = createFixedCatalog(options.types ?? [configMaps, widgets])
  const handler = createApiHandler({
    registry,
    catalog,
    log: silentLog,
    now: () => testTime,
    authenticate: async ({ bearerToken }) => userOf(bearerToken),
    authorize: options.authorize ?? (async () => allow('tests')),
    connectors: {},
    version: testVersion,
    serverAddress: () => '127.0.0.1:6443',
    readiness: [],
    ...(isKcp ? { resolveCluster: (path: string) => path } : {}),
    ...options.overrides,
  })
  return {
    handler,
    store,
    registry,
    catalog,
    setTypes: catalog.setTypes,
    send: (method, target, sendOptions = {}) => send(handler, toRequest(method, target, sendOptions)),
    watch: (target, sendOptions = {}) => watch(handler, target, sendOptions),
  }
}

const testVersion = {
  major: '1',
  minor: '24',
  gitVersion: 'v1.24.3+kcp-v0.11.0',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: '',
}

function userOf(token: string): UserInfo {
  return token === ''
    ? { username: 'admin', groups: ['system:masters', 'system:authenticated'] }
    : { username: token, groups: ['system:authenticated'] }
}

function createFixedCatalog(
  initial: readonly ResourceType[],
): Catalog & { setTypes(types: readonly ResourceType[]): void } {
  const listeners: ((cluster: string) => void)[] = []
  let apis = apiSetOf(initial)
  return {
    apisOf: () => apis,
    findAcross: (group, version, resource, identity, metadataOnly) =>
      apis.types.filter(
        type =>
          type.group === group &&
          type.version === version &&
          type.resource === resource &&
          (metadataOnly || type.identityHash === identity),
      ),
    onChange: listener => listeners.push(listener),
    setTypes(types) {
      apis = apiSetOf(types)
      for (const listener of listeners) listener('*')
    },
  }
}

function apiSetOf(types: readonly ResourceType[]): ApiSet {
  return {
    types,
    hash: types.map(type => type.resource + type.verbs.join()).join(),
    find: (group, version, resource) =>
      types.find(type => type.group === group && type.version === version && type.resource === resource),
  }
}

function toRequest(
  method: string,
  target: string,
  { body, headers = {} }: SendOptions,
  signal?: AbortSignal,
): ApiRequest {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const contentType = body === undefined ? {} : { 'content-type': 'application/json' }
  return {
    method,
    ...parseRequestTarget(target),
    headers: { ...contentType, 'user-agent': 'test/1', ...headers },
    body: async () => Buffer.from(text),
    signal: signal ?? new AbortController().signal,
    remoteAddress: '127.0.0.1',
    cluster: '',
    clusterPath: '',
    warnings: [],
  }
}

async function send(handler: Handler, request: ApiRequest): Promise<TestResponse> {
  const { status, headers, body } = await handler(request)
  const chunks: (string | Uint8Array)[] = []
  if (typeof body === 'string' || body instanceof Uint8Array) chunks.push(body)
  else for await (const chunk of body) chunks.push(chunk)
  const text = Buffer.concat(chunks.map(chunk => Buffer.from(chunk))).toString()
  return { status, headers, text, json: text.startsWith('{') ? JSON.parse(text) : {} }
}

async function watch(handler: Handler, target: string, options: SendOptions): Promise<TestWatch> {
  const client = new AbortController()
  const { status, body } = await handler(toRequest('GET', target, options, client.signal))
  if (status !== 200 || typeof body === 'string' || !(Symbol.asyncIterator in body)) {
    throw new Error(`watch ${target}: ${status} ${Buffer.from(body as string).toString()}`)
  }
  const lines = linesOf(body)
  return {
    next: async () => {
      const { value } = await lines.next()
      return value === undefined ? undefined : JSON.parse(value)
    },
    stop: () => client.abort(),
  }
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  for await (const chunk of body) {
    for (const line of Buffer.from(chunk).toString().split('\n')) if (line !== '') yield line
  }
  return undefined
}
