// Requests that are right, of every kind of write and read, and how each of them is made almost right.
import { stringify } from 'yaml'
import type { JsonObject } from '../../../api/json.ts'
import { encodeProtobuf } from '../../../kcp/http/protobuf/encode.ts'
import { bytesOf, chance, mutateJson, mutatePath, pick, type Random, word } from './mutate.ts'
import { type Seed, seeds } from './seeds.ts'

export interface FuzzRequest {
  readonly method: string
  /** With query, below the server. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

const parameters: Readonly<Record<string, readonly string[]>> = {
  limit: ['1', '-1', '0', 'x', '1e3', '99999999999999999999'],
  continue: ['x', 'e30', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi8uLi94In0'],
  resourceVersion: ['0', '1', 'x', '-1', '1.0'],
  resourceVersionMatch: ['Exact', 'NotOlderThan', 'x'],
  labelSelector: ['a=b', 'a in (b', '!a', 'a>1', ',', 'x'.repeat(300), '%00', 'a=b,a!=b,c notin (d,e)'],
  fieldSelector: ['metadata.name=x', 'metadata.namespace!=x', 'spec.x=1', '=', 'metadata.name', 'a=b=c', '%2C'],
  dryRun: ['All', 'x', ''],
  fieldValidation: ['Strict', 'Warn', 'Ignore', 'x'],
  fieldManager: ['m', '', 'x'.repeat(200), '%00', '%0A'],
  force: ['true', 'x'],
  propagationPolicy: ['Orphan', 'Foreground', 'Background', 'x'],
  gracePeriodSeconds: ['0', '-1', 'x', '1e21'],
  orphanDependents: ['true', 'x'],
  pretty: ['true', 'x'],
  includeObject: ['None', 'Object', 'x'],
  timeout: ['1s', 'x', '-1s', '5', '1h1.5m', '1e9s'],
  watch: ['true', '', '0', 'x', 'False'],
  allowWatchBookmarks: ['true', 'x'],
  sendInitialEvents: ['true', 'false', 'x'],
  timeoutSeconds: ['1', '-1', 'x', '99999999999999999999'],
  uid: ['x'],
  ['__proto__']: ['x'],
  '%E0%A4%A': ['%E0%A4%A'],
}

const accepts: readonly string[] = [
  '*/*',
  'application/yaml',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf,application/json',
  'application/json;as=x',
  'text/html',
  ';;;',
  ',',
]

const bodyTypes: readonly string[] = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/x-www-form-urlencoded',
  'application/json; charset=latin1',
  '',
  'x',
]

const patchTypes: readonly string[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]

const pointers: readonly string[] = ['', '/', '/data', '/data/k', '/metadata/labels/a', '/metadata/name', '/spec/x/-']
const operations: readonly string[] = ['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']

/** Paths that lead to no workspace, or to views of all; none that leads to another workspace. */
const bases: readonly string[] = [
  '',
  '/clusters/',
  '/clusters/*',
  '/clusters/**',
  '/clusters/Root:fuzz',
  '/clusters/root:fuzz:nope',
  '/clusters/root:fuzz:',
  '/clusters/%2A',
  '/clusters/..%2Froot',
  '/clusters/__proto__',
  '/clusters/root:fuzz/clusters/root',
  '/services',
  '/services/syncer',
  '/services/syncer/root:fuzz',
  '/services/syncer/root:fuzz/target/uid/clusters/*',
  '/services/syncer/*/%00/uid/clusters/root:fuzz',
  '/services/upsyncer/root:fuzz/target/uid/clusters/*',
  '/services/apiexport/root:fuzz/export/clusters/*',
  '/services/__proto__/root:fuzz',
]

/** What clients send beside Accept and Content-Type; the values may be anything. */
const headerNames: readonly string[] = [
  'impersonate-user',
  'impersonate-group',
  'impersonate-uid',
  'impersonate-extra-a%2Fb',
  'impersonate-extra-%E0%A4%A',
  'user-agent',
  'accept-encoding',
  'content-encoding',
  'if-none-match',
  'audit-id',
  'x-remote-user',
  'upgrade',
  'cookie',
]
const headerValues: readonly string[] = [
  '',
  'x',
  'gzip',
  'gzip;q=0, *',
  'system:masters',
  'system:serviceaccount:fuzz:account',
  'system:serviceaccount::',
  'a,b',
  '__proto__',
  '"*"',
  'websocket',
  '\u00ff',
  'x'.repeat(5_000),
]

/** What one seed of the random generator sends next. `base`: path of the workspace. */
export function nextRequest(random: Random, base: string): FuzzRequest {
  const seed = pick(random, seeds)
  if (chance(random, 0.04)) return birthOf(seed, base)
  const { path, method } = targetOf(random, seed)
  const wrongPath = chance(random, 0.15) ? mutatePath(random, path) : path
  const { headers, body } = contentOf(random, method, seed)
  const accept = chance(random, 0.3) ? { accept: pick(random, accepts) } : {}
  const other = chance(random, 0.06) ? { [pick(random, headerNames)]: pick(random, headerValues) } : {}
  return {
    method,
    path: `${chance(random, 0.04) ? pick(random, bases) : base}${wrongPath}${queryOf(random, headers)}`,
    headers: { ...headers, ...accept, ...other },
    ...(body === undefined ? {} : { body }),
  }
}

/** So that there is something to change. */
function birthOf({ collection, object }: Seed, base: string): FuzzRequest {
  const body = Buffer.from(JSON.stringify(object))
  return { method: 'POST', path: `${base}${collection}`, headers: { 'content-type': 'application/json' }, body }
}

function targetOf(random: Random, { collection, name }: Seed): { path: string; method: string } {
  const isCollection = name === '' || chance(random, 0.35)
  const method = isCollection
    ? pick(random, ['POST', 'POST', 'POST', 'GET', 'GET', 'DELETE'])
    : pick(random, ['GET', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'DELETE', 'POST', 'OPTIONS', 'TRACE'])
  // The namespace of all others stays, so that there is something to hit.
  const isWiping = method === 'DELETE' && isCollection
  const subresource = chance(random, 0.1)
    ? `/${pick(random, ['status', 'scale', 'token', 'approval', 'finalize'])}`
    : ''
  return {
    method: isWiping && chance(random, 0.7) ? 'GET' : method,
    path: isCollection ? collection : `${collection}/${name}${subresource}`,
  }
}

interface Content {
  readonly headers: Record<string, string>
  readonly body?: Uint8Array
}

function contentOf(random: Random, method: string, { object }: Seed): Content {
  if (method === 'GET' || method === 'OPTIONS' || method === 'TRACE') return { headers: {} }
  if (method === 'DELETE') {
    const options = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions: { uid: 'x' },
      propagationPolicy: 'Orphan',
      gracePeriodSeconds: 0,
      dryRun: ['All'],
    }
    if (chance(random, 0.5)) return { headers: {} }
    return textContent(random, 'application/json', mutateJson(random, options))
  }
  if (method === 'PATCH') return patchOf(random, object)
  if (chance(random, 0.06)) return protobufContent(random, object)
  if (chance(random, 0.06)) return textContent(random, 'application/yaml', yamlText(random, object))
  const type = chance(random, 0.1) ? pick(random, bodyTypes) : 'application/json'
  return textContent(random, type, bodyText(random, object))
}

function textContent(random: Random, type: string, text: string): Content {
  return { headers: { 'content-type': type }, body: bytesOf(random, text) }
}

/** A message that was right, with some bytes changed, or cut. Custom kinds have none. */
function protobufContent(random: Random, object: Seed['object']): Content {
  const bytes = Buffer.from(encodeProtobuf(protobufOf(object)))
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    const at = Math.floor(random() * bytes.length)
    bytes[at] = chance(random, 0.5) ? pick(random, [0, 1, 0x7f, 0x80, 0xff]) : Math.floor(random() * 256)
  }
  const length = chance(random, 0.2) ? Math.floor(random() * bytes.length) : bytes.length
  return { headers: { 'content-type': 'application/vnd.kubernetes.protobuf' }, body: bytes.subarray(0, length) }
}

function protobufOf(object: Seed['object']): JsonObject {
  const hasMessage = ['ConfigMap', 'Secret', 'Lease', 'Role', 'Event', 'Namespace'].some(kind => kind === object.kind)
  return (hasMessage ? object : { apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data: { k: 'v' } }) as JsonObject
}

const yamlSigns: readonly string[] = [
  '\t',
  '&a ',
  '*a',
  '!!int ',
  '!!binary ',
  '<<: ',
  '? ',
  '---\n',
  '"',
  ': ',
  '- ',
  '%',
  '|',
]

function yamlText(random: Random, object: Seed['object']): string {
  const text = stringify(object)
  if (chance(random, 0.2)) return text
  const at = Math.floor(random() * text.length)
  return text.slice(0, at) + pick(random, yamlSigns) + text.slice(chance(random, 0.5) ? at : at + 1)
}

const bodyText = (random: Random, object: unknown): string =>
  chance(random, 0.2) ? JSON.stringify(object) : mutateJson(random, object)

function patchOf(random: Random, object: Seed['object']): Content {
  const type = chance(random, 0.05) ? pick(random, bodyTypes) : pick(random, patchTypes)
  if (type === 'application/apply-patch+yaml' && chance(random, 0.25)) {
    return textContent(random, type, yamlText(random, object))
  }
  if (type !== 'application/json-patch+json') return textContent(random, type, patchText(random, object))
  const count = Math.floor(random() * 4)
  const list = Array.from({ length: count }, () => ({
    op: pick(random, operations),
    path: chance(random, 0.8) ? pick(random, pointers) : `/${word(random)}`,
    from: pick(random, pointers),
    value: 'v',
  }))
  return textContent(random, type, mutateJson(random, list))
}

/** Aliases that would grow to millions of nodes. */
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
  .split('')
  .map((letter, index) => `${letter}: &${letter} [${`*${'abcdefghij'[index]},`.repeat(9).slice(0, -1)}]`)
  .join('\n')}\n`

function patchText(random: Random, object: Seed['object']): string {
  if (chance(random, 0.03)) return bomb
  const { apiVersion, kind, metadata: _, ...rest } = object
  return bodyText(random, chance(random, 0.5) ? { apiVersion, kind, ...rest } : rest)
}

function queryOf(random: Random, headers: Record<string, string>): string {
  const isApply = headers['content-type'] === 'application/apply-patch+yaml'
  const parts = isApply && chance(random, 0.9) ? ['fieldManager=fuzz'] : []
  while (chance(random, 0.3)) {
    const name = pick(random, Object.keys(parameters))
    parts.push(`${name}=${encodeURI(pick(random, parameters[name] ?? ['']))}`)
  }
  if (chance(random, 0.04)) parts.push('watch=true')
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}
