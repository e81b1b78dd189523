// Turns the recorded requests of a walk into steps that can be sent again, and what was answered into facts.
import { fieldPaths, isObject } from '../../test/harness/field-paths.ts'
import type { WalkStep } from '../../test/harness/recordings.ts'

export interface RecordedRequest {
  readonly at: string
  readonly stage: string
  readonly user: string
  readonly verb: string
  readonly uri: string
  readonly agent: string
  readonly code: number
  readonly workspace: string
  readonly request?: unknown
  readonly response?: unknown
}

type Json = Record<string, unknown>
interface Walk {
  readonly steps: WalkStep[]
  readonly shapes: string[]
  readonly schemas: Record<string, unknown>
}

const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const randomNames = /[a-z0-9-]+-token-[a-z0-9]{5}\b/g
const syncTargetKey = /\/([A-Za-z0-9]{38})\b/g
const methods: Record<string, string> = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE' }

export function walkSteps(recorded: readonly RecordedRequest[]): Walk {
  const requests = recorded
    .filter(({ verb, stage }) => verb !== 'watch' || stage === 'ResponseStarted')
    .sort((a, b) => (a.at < b.at ? -1 : 1))
  const tokens = tokensOf(requests)
  const shapes = new Map<string, number>()
  const schemas: Record<string, unknown> = {}
  const learnt = new Set<string>()
  const steps = requests.map((request, index) => ({
    ...sent(request, schemas),
    ...answered(request, shapes),
    ...(isPolled(requests, index) ? { polled: true } : {}),
    ...withLearn(request.response, tokens, learnt),
  }))
  return { steps, shapes: [...shapes.keys()], schemas }
}

/** What is different in every run and is sent by somebody. */
function tokensOf(requests: readonly RecordedRequest[]): Set<string> {
  const text = requests
    .map(({ uri, request, workspace }) => `${uri} ${workspace} ${JSON.stringify(request ?? '')}`)
    .join()
  const clusters = requests.map(({ workspace }) => workspace).filter(name => name !== '' && name !== 'root')
  const keys = [...text.matchAll(syncTargetKey)].flatMap(([, key]) => key ?? [])
  return new Set([...(text.match(uid) ?? []), ...(text.match(randomNames) ?? []), ...clusters, ...keys])
}

function sent({ user, verb, uri, workspace, request }: RecordedRequest, schemas: Record<string, unknown>) {
  const body = isObject(request) ? compactBody(request, schemas) : request
  return {
    as: user.startsWith('system:serviceaccount:') ? ('syncer' as const) : ('admin' as const),
    // Requests without a workspace went to the syncer virtual workspace.
    ...(workspace === '' ? { view: clusterIn(request) ?? '*' } : { cluster: workspace }),
    method: methods[verb] ?? 'GET',
    path: uri,
    ...(verb === 'watch' ? { watch: true } : {}),
    ...(body === undefined ? {} : { body }),
  }
}

function clusterIn(request: unknown): string | undefined {
  const metadata = isObject(request) && isObject(request.metadata) ? request.metadata : {}
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {}
  const cluster = annotations['kcp.io/cluster']
  return typeof cluster === 'string' ? cluster : undefined
}

function compactBody(request: Json, schemas: Record<string, unknown>): Json {
  const { spec } = request
  const body = withoutProse(request)
  if (!isObject(spec) || spec.openAPIV3Schema === undefined) return body
  const name = String(spec.plural)
  schemas[name] = spec.openAPIV3Schema
  return { ...body, spec: { ...spec, openAPIV3Schema: `@${name}` } }
}

function withoutProse(request: Json): Json {
  const metadata = isObject(request.metadata) ? { ...request.metadata } : undefined
  if (!metadata || !isObject(metadata.annotations)) return request
  const { 'kubernetes.io/description': prose, ...annotations } = metadata.annotations
  return prose === undefined ? request : { ...request, metadata: { ...metadata, annotations } }
}

function answered({ code, response }: RecordedRequest, shapes: Map<string, number>) {
  if (!isObject(response)) return { code }
  if (response.kind === 'Status')
    return { code, ...(response.reason === undefined ? {} : { reason: String(response.reason) }) }
  const shape = fieldPaths(response).join(' ')
  const items = response.items ?? response.rows
  return {
    code,
    shape: shapes.get(shape) ?? shapes.set(shape, shapes.size).size - 1,
    ...(Array.isArray(items) ? { count: items.length } : {}),
    ...(response.kind === 'Table' ? { columns: columnsOf(response) } : {}),
  }
}

function columnsOf({ columnDefinitions }: Json): string[] {
  const columns = Array.isArray(columnDefinitions) ? columnDefinitions.filter(isObject) : []
  return columns.map(({ name, type, format, priority }) => `${name}|${type}|${format}|${priority}`)
}

/** The same read again as the next thing the same user does: somebody was waiting. */
function isPolled(requests: readonly RecordedRequest[], index: number): boolean {
  const current = requests[index]
  const next = requests.slice(index + 1).find(({ agent, user }) => agent === current?.agent && user === current.user)
  return current?.verb === 'get' && next?.verb === 'get' && next.uri === current.uri
}

function withLearn(response: unknown, tokens: ReadonlySet<string>, learnt: Set<string>) {
  const learn: (string | number)[][] = []
  const visit = (value: unknown, path: (string | number)[]): void => {
    if (Array.isArray(value)) value.forEach((item, index) => void visit(item, [...path, index]))
    else if (isObject(value)) for (const [key, below] of Object.entries(value)) visit(below, [...path, key])
    else if (typeof value === 'string' && tokens.has(value) && !learnt.has(`${value} ${path}`)) {
      learnt.add(`${value} ${path}`)
      learn.push([value, ...path])
    }
  }
  // Items of lists have no order that could be relied on.
  if (isObject(response) && response.items === undefined && response.rows === undefined) visit(response, [])
  return learn.length === 0 ? {} : { learn }
}
