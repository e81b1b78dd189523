// Subresources of pods that are more than a part of the object: binding to a node, and logs.
import { createReadStream, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { isJsonObject } from '../api/json.ts'
import type { KubeObject } from '../api/objects.ts'
import { badRequest, methodNotAllowed, notFound, unauthorized } from '../api/status-error.ts'
import type { Client } from '../api-client/client.ts'
import { pause, systemClock } from '../api-client/clock.ts'
import type { Connector, ConnectorCall } from '../kcp/http/connector.ts'
import { decodeBody } from '../kcp/http/decode-body.ts'
import type { ApiResponse } from '../kcp/http/exchange.ts'
import { jsonResponse } from '../kcp/http/responses.ts'
import type { Registry } from '../kcp/registry/registry.ts'
import { type Pod, pods } from './workloads.ts'

export interface PodConnectorDeps {
  registry: () => Registry
  client: () => Client
  now: () => Date
  /** File with a container's output on this node. */
  logFile(pod: Pod, container: string): string | undefined
}

const followMs = 250
const logChunkBytes = 64 * 1024

/** By connectorKey. */
export function createPodConnectors(deps: PodConnectorDeps): Record<string, Connector> {
  return { '/pods/binding': call => bind(deps, call), '/pods/log': call => readLog(deps, call) }
}

async function bind(deps: PodConnectorDeps, { request, info, type }: ConnectorCall): Promise<ApiResponse> {
  if (info.verb !== 'create') throw methodNotAllowed(type, info.verb)
  if (!request.user) throw unauthorized()
  const body = await decodeBody(request, { kind: 'Binding' })
  const node = isJsonObject(body) && isJsonObject(body.target) ? body.target.name : undefined
  if (typeof node !== 'string' || node === '') throw badRequest('target.name: Required value')
  const time = deps
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: time }
  const context = {
    cluster: request.cluster,
    user: request.user,
    userAgent: '',
    now: deps.now(),
    dryRun: false,
    warn: () => undefined,
  }
  const target = {
    type,
    namespace: info.namespace,
    name: info.name,
    subresource: 'binding',
    context,
    fieldValidation: 'Ignore',
    fieldManager: 'binding',
    duplicateFields: [],
  } as const
  await deps.registry().patch(target, {
    type: 'merge',
    force: false,
    body: { spec: { nodeName: node }, status: { conditions: [scheduled] } },
  })
  return jsonResponse(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}

async function readLog(deps: PodConnectorDeps, { request, info, type }: ConnectorCall): Promise<ApiResponse> {
  if (info.verb !== 'get') throw methodNotAllowed(type, info.verb)
  const pod = (await deps.client().get<KubeObject>(pods, { namespace: info.namespace, name: info.name })) as Pod
  const containers = pod.spec.containers.map(c => c.name)
  const container = request.query.get('container') || containers[0] || ''
  if (!containers.includes(container)) throw badRequest(`container ${container} is not valid for pod ${info.name}`)
  const file = deps.logFile(pod, container)
  if (!file) {
    throw badRequest(`container "${container}" in pod "${info.name}" is waiting to start: ContainerCreating`)
  }
  if (!exists(file)) throw notFound(type, info.name)
  const options = {
    follow: request.query.get('follow') === 'true',
    tailLines: numberOf(request.query.get('tailLines')),
    limitBytes: numberOf(request.query.get('limitBytes')),
    signal: request.signal,
  }
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: logChunks(file, options) }
}

function numberOf(text: string | null): number | undefined {
  return text === null ? undefined : Number(text)
}

interface LogOptions {
  follow: boolean
  tailLines: number | undefined
  limitBytes: number | undefined
  signal: AbortSignal
}

async function* logChunks(file: string, options: LogOptions): AsyncGenerator<Uint8Array> {
  let offset = options.tailLines === undefined ? 0 : await tailOffset(file, options.tailLines)
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY
  while (!options.signal.aborted && left > 0) {
    for await (const chunk of createReadStream(file, { start: offset, highWaterMark: logChunkBytes })) {
      const bytes = (chunk as Buffer).subarray(0, left)
      offset += bytes.length
      left -= bytes.length
      yield bytes
      if (left <= 0) return
    }
    // The file goes with the pod.
    if (!options.follow || !exists(file)) return
    await pause(systemClock, followMs, options.signal)
  }
}

/** Where the last lines begin. Logs of simulated clusters are small: read whole. */
async function tailOffset(file: string, lines: number): Promise<number> {
  const handle = await open(file)
  try {
    const text = await handle.readFile()
    let at = text.length - (text.at(-1) === 10 ? 1 : 0)
    for (let i = 0; i < lines && at > 0; i++) at = text.lastIndexOf(10, at - 1)
    return at <= 0 ? 0 : at + 1
  } finally {
    await handle.close()
  }
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined
}
