// Who owns which field after each request, and what is refused: as a kube-apiserver 1.31 answered the same requests.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { typesOfCrd } from '../../kcp/apis/custom-type.ts'
import { clusterTypes } from '../../kcp/apis/native-types.ts'
import { startTestServer, type TestServer } from '../harness/api-server.ts'
import { ownersOf } from '../harness/field-owners.ts'

/** Line (`[later] [patch type] METHOD path`), body, user agent. */
type Request = [line: string, body?: JsonValue, userAgent?: string]
/** Code; owners, or the message of a refusal; members beside metadata where they are compared. */
type Row = [request: Request, code: number, want: string | string[], rest?: JsonObject]
type Sequence = [name: string, ...rows: Row[]]

const recordings = join(import.meta.dirname, '../fixtures/recordings')
const read = (file: string) => JSON.parse(readFileSync(join(recordings, file), 'utf8'))
const sequences: Sequence[] = read('field-ownership.json')
const crds: JsonObject[] = read('field-ownership-crds.json')

const objectName = 'object-1'
const patchTypes: Readonly<Record<string, string>> = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}
const shortPaths: readonly [string, string][] = [
  ['~/', '/api/v1/namespaces/default/'],
  ['~a/', '/apis/apps/v1/namespaces/default/'],
  ['~w', '/apis/ssa.io/v1/namespaces/default/widgets'],
]

for (const isKcp of [false, true]) {
  for (const [name, ...rows] of sequences) {
    test(`${name}${isKcp ? ', in a workspace' : ''}`, async () => {
      let now = Date.UTC(2026, 10, 21)
      const types = [...clusterTypes(), ...crds.flatMap(crd => typesOfCrd(crd, ''))]
      const server = startTestServer({ types, isKcp, overrides: { now: () => new Date(now) } })
      let last: JsonObject = {}
      for (const [i, [request, code, want, rest]] of rows.entries()) {
        if (request[0].includes('later ')) now += 2000
        const object = await send(server, { request, isKcp, last })
        const { message, code: refused } = object
        const isRefused = typeof refused === 'number'
        const found = isRefused ? [refused, message] : [code, ownersOf(object).map(isKcp ? unclustered : unchanged)]
        const wanted = typeof want === 'string' ? want : want.map(isKcp ? unclustered : unchanged)
        assert.deepEqual(found, [code, wanted], `step ${i}: ${JSON.stringify(request)}`)
        if (rest !== undefined) assert.deepEqual(membersOf(object), rest, `step ${i}`)
        if (!isRefused) last = object
      }
    })
  }
}

const unchanged = (owner: string) => owner

/** In a workspace every object has annotations from the start: kcp.io/cluster. */
function unclustered(owner: string): string {
  return owner.replaceAll(/ \.metadata\.annotations(?:\.kcp\.io\/cluster|(?= |$))/g, '')
}

interface Sent {
  readonly request: Request
  readonly isKcp: boolean
  readonly last: JsonObject
}

async function send(server: TestServer, { request, isKcp, last }: Sent): Promise<JsonObject> {
  const [line, body, userAgent = 'curl/8.1 (linux)'] = request
  const words = line.split(' ').filter(word => word !== 'later')
  const path = words.pop() ?? ''
  const method = words.pop() ?? ''
  const type = patchTypes[words.pop() ?? ''] ?? 'application/json'
  const [short, long] = shortPaths.find(([start]) => path.startsWith(start)) ?? ['', '']
  const target = `${isKcp ? '/clusters/root' : ''}${long}${path.slice(short.length)}`.replaceAll('$N', objectName)
  const options =
    body === undefined
      ? { headers: { 'user-agent': userAgent } }
      : { body: filled(body, last), headers: { 'content-type': type, 'user-agent': userAgent } }
  const { text } = await server.send(method, target, options)
  return JSON.parse(text.replaceAll(objectName, '$N'))
}

/** The body as sent: with its apiVersion and kind, and what the last answer said of uid, version and times. */
function filled(body: JsonValue, last: JsonObject): string {
  const { uid, resourceVersion } = isJsonObject(last.metadata) ? last.metadata : {}
  const text = typeof body === 'string' ? body : JSON.stringify(whole(body))
  return text
    .replaceAll('$N', objectName)
    .replaceAll('$uid', String(uid))
    .replaceAll('$rv', String(resourceVersion))
    .replaceAll('$t', '2026-11-21T00:00:00Z')
}

function whole(body: JsonValue): JsonValue {
  if (!isJsonObject(body)) return body
  for (const [kind, apiVersion] of [
    ['Widget', 'ssa.io/v1'],
    ['ConfigMap', 'v1'],
  ] as const) {
    const members = body[kind]
    if (isJsonObject(members)) return { apiVersion, kind, metadata: { name: '$N' }, ...members }
  }
  return body
}

function membersOf({ apiVersion: _version, kind: _kind, metadata: _metadata, ...members }: JsonObject): JsonObject {
  return members
}
