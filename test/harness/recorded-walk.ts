// Sends the requests of a recorded walk again, in order, and tells how our answers differ. What a recording names by chance
// (uids, clusters, tokens, versions) is replaced by what our answers had in the same place.
import { connectServer, type ServerConnection } from '../../api-client/transport/undici-transport.ts'
import { fieldPaths, isObject } from './field-paths.ts'
import type { TestKcp } from './kcp.ts'
import { recordedSchemas, type Walk, type WalkStep } from './recordings.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface WalkReplay extends AsyncDisposable {
  /** Sends it, as often as something has to happen first; resolves with the differences that stay. */
  step(step: WalkStep): Promise<string[]>
  /** As shard-admin, who may read everything. */
  get(cluster: string, path: string, accept?: string): Promise<Answer>
  /** Ours for a recorded name. */
  learnt(recorded: string): string
}

const waitMsMax = 20_000
const askAgainMs = 10
const tableForm = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const tokenSecretPath = /\/namespaces\/([^/]+)\/secrets\/(([^/]+)-token-[a-z0-9]{5})$/
const versionInQuery = /([?&])resourceVersion=[1-9]\d*&?/

/** @param isAllowed differences that a step may keep; without it every one is waited for in vain. */
export function replayWalk(kcp: TestKcp, walk: Walk, isAllowed: (step: WalkStep, what: string) => boolean): WalkReplay {
  const connection = connectServer(kcp.url, { tls: { ca: kcp.certificateAuthority } })
  const names = new Map<string, string>()
  const schemas = recordedSchemas()
  let syncerToken = ''
  let viewPath = ''

  function withOurs(text: string): string {
    let result = text
    for (const [recorded, ours] of names) result = result.replaceAll(recorded, ours)
    return result
  }

  function pathOf({ cluster, view, path }: WalkStep): string {
    const place = view === undefined ? `/clusters/${cluster}` : `${viewPath}/clusters/${view}`
    return withOurs(`${place}${path.replace(versionInQuery, '$1')}`)
  }

  const tokenOf = (step: WalkStep) => (step.as === 'admin' ? kcp.tokens.kcpAdmin : syncerToken)

  const sendStep = (step: WalkStep, body?: unknown) =>
    send(connection, {
      method: step.method,
      path: pathOf(step),
      token: tokenOf(step),
      ...(step.columns ? { accept: tableForm } : {}),
      ...(step.watch ? { watch: true } : {}),
      ...(body === undefined ? {} : { body }),
    })

  /** Where the recording sent what it had read, ours sends what we read. */
  async function currentBody(step: WalkStep): Promise<unknown> {
    const body = JSON.parse(withOurs(JSON.stringify(step.body)), (_, value) =>
      typeof value === 'string' && value.startsWith('@') ? (schemas[value.slice(1)] ?? value) : value,
    )
    if (!isObject(body?.metadata) || body.metadata.resourceVersion === undefined) return body
    if (step.code >= 400) return { ...body, metadata: { ...body.metadata, resourceVersion: '1' } }
    const isWanted = ({ status, body: read }: Answer) =>
      status === 200 && (body.metadata.deletionTimestamp === undefined || isDeleted(read))
    const { body: read } = await askUntil(() => sendStep(readOf(step)), isWanted)
    return refreshed(body, read)
  }

  /** A syncer knows the random name of a token secret from its watch. */
  async function learnSecret({ view, path }: WalkStep): Promise<void> {
    const [, namespace, name, account] = tokenSecretPath.exec(path) ?? []
    if (view === undefined || name === undefined || names.has(name)) return
    const { body } = await askUntil(
      () => get(withOurs(view), `/api/v1/namespaces/${namespace}/secrets`),
      answer => nameIn(answer.body, `${account}-token-`) !== undefined,
    )
    names.set(name, nameIn(body, `${account}-token-`) ?? name)
  }

  const get = (cluster: string, path: string, accept?: string) =>
    send(connection, {
      method: 'GET',
      path: `/clusters/${cluster}${path}`,
      token: kcp.tokens.shardAdmin,
      ...(accept === undefined ? {} : { accept }),
    })

  function learn(step: WalkStep, { body }: Answer): void {
    for (const [recorded, ...path] of step.learn ?? []) {
      const ours = memberAt(body, path)
      if (typeof recorded === 'string' && typeof ours === 'string') names.set(recorded, ours)
    }
    if (!isObject(body)) return
    if (body.kind === 'Secret' && isObject(body.data) && step.as === 'admin') {
      syncerToken = Buffer.from(String(body.data.token), 'base64').toString()
    }
    const url = memberAt(body, ['status', 'virtualWorkspaces', 0, 'syncerURL'])
    if (typeof url === 'string') viewPath = new URL(url).pathname
  }

  return {
    learnt: recorded => names.get(recorded) ?? recorded,
    get,
    async step(step) {
      await learnSecret(step)
      const body = step.body === undefined ? undefined : await currentBody(step)
      const differences = (answer: Answer) => answerDifferences(step, walk, answer)
      const isRead = step.method === 'GET' && !step.polled
      const answer = await askUntil(
        () => sendStep(step, body),
        each => !isRead || differences(each).every(what => isAllowed(step, what)),
      )
      learn(step, answer)
      return differences(answer)
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}

/** `code`, `reason`, fields that are only recorded (-) and only ours (+). */
export function answerDifferences(step: WalkStep, walk: Walk, { status, body }: Answer): string[] {
  if (status !== step.code) return [`code ${step.code} → ${status} ${memberAt(body, ['message']) ?? ''}`]
  const found: string[] = []
  const reason = isObject(body) && body.kind === 'Status' ? body.reason : undefined
  if (step.reason !== undefined && reason !== step.reason) found.push(`reason ${step.reason} → ${reason}`)
  if (step.shape === undefined || step.polled) return found
  const members = isObject(body) ? body : {}
  const items = members.items ?? members.rows
  if (step.count !== undefined && Array.isArray(items) && items.length !== step.count) {
    found.push(`count ${step.count} → ${items.length}`)
  }
  if (step.columns) found.push(...setDifferences(step.columns, columnsOf(members)))
  return [...found, ...setDifferences((walk.shapes[step.shape] ?? '').split(' '), fieldPaths(body))]
}

export function setDifferences(recorded: readonly string[], ours: readonly string[]): string[] {
  const [a, b] = [new Set(recorded), new Set(ours)]
  const missing = [...a].filter(each => !b.has(each)).map(each => `- ${each}`)
  return [...missing, ...[...b].filter(each => !a.has(each)).map(each => `+ ${each}`)]
}

function columnsOf({ columnDefinitions }: Record<string, unknown>): string[] {
  const columns = Array.isArray(columnDefinitions) ? columnDefinitions.filter(isObject) : []
  return columns.map(({ name, type, format, priority }) => `${name}|${type}|${format}|${priority}`)
}

/** What is wanted, or what there is at the end of the wait. */
export async function askUntil<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + waitMsMax
  for (;;) {
    const answer = await ask()
    if (isWanted(answer) || performance.now() > deadline) return answer
    await new Promise(resolve => setTimeout(resolve, askAgainMs))
  }
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly token: string
  readonly accept?: string
  readonly watch?: boolean
  readonly body?: unknown
}

async function send({ transport }: ServerConnection, request: Sent): Promise<Answer> {
  const stop = new AbortController()
  const { method, path, token, accept = 'application/json', body, watch } = request
  const { status, body: chunks } = await transport({
    method: method as 'GET',
    path,
    headers: { authorization: `Bearer ${token}`, accept, ...contentType(method, body) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: stop.signal,
  })
  if (watch && status === 200) {
    stop.abort()
    return { status, body: undefined }
  }
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  const text = Buffer.concat(parts).toString()
  return { status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

function contentType(method: string, body: unknown): Record<string, string> {
  if (body === undefined) return {}
  if (method !== 'PATCH') return { 'content-type': 'application/json' }
  return { 'content-type': `application/${Array.isArray(body) ? 'json' : 'merge'}-patch+json` }
}

/** A syncer may read the object, but not every subresource it writes. */
function readOf(step: WalkStep): WalkStep {
  return { ...step, method: 'GET', path: step.path.replace(/\/status$/, '') }
}

function nameIn(list: unknown, prefix: string): string | undefined {
  const items = memberAt(list, ['items'])
  const names = Array.isArray(items) ? items.map(item => memberAt(item, ['metadata', 'name'])) : []
  return names.filter(name => typeof name === 'string').find(name => name.startsWith(prefix))
}

function isDeleted(read: unknown): boolean {
  return memberAt(read, ['metadata', 'deletionTimestamp']) !== undefined
}

/** Versions, uids and secrets of `read` in the places where `body` has recorded ones. */
function refreshed(body: unknown, read: unknown): unknown {
  if (typeof body === 'string' && body.startsWith('<') && typeof read === 'string') return read
  if (!isObject(body) || !isObject(read)) return body
  const fresh = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp'])
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      fresh.has(key) && read[key] !== undefined ? read[key] : refreshed(value, read[key]),
    ]),
  )
}

function memberAt(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value
  for (const key of path) {
    if (Array.isArray(current)) current = current[Number(key)]
    else if (isObject(current)) current = current[key]
    else return undefined
  }
  return current
}
