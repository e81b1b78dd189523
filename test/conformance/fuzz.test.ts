// Requests that are almost right, thousands of them: none is answered with a 5xx, none hangs, every refusal is a Status,
// and nothing outside the workspace they are sent to changes. FUZZ_SEED=<number> repeats a run, or begins another one.
import assert from 'node:assert/strict'
import { Agent, request as sendHttps } from 'node:https'
import { after, before, test } from 'node:test'
import { parse as parseYaml } from 'yaml'
import type { Client } from '../../api-client/client.ts'
import { readText } from '../../api-client/resources/response.ts'
import { connectServer } from '../../api-client/transport/undici-transport.ts'
import { addWorkspace, namespaces, objectOf } from '../harness/compute.ts'
import { type FuzzRequest, nextRequest } from '../harness/fuzz/requests.ts'
import { widgetCrd } from '../harness/fuzz/seeds.ts'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { createRandom } from './random.ts'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_121)
const requestsCount = Number(process.env.FUZZ_REQUESTS ?? 5_000)
/** Longer than any answer takes; a request that takes so long hangs. */
const answerMsMax = 20_000
/** Different ones; enough to begin with. */
const problemsMax = 30

let kcp: TestKcp
let agent: Agent
before(async () => {
  kcp = await startTestKcp()
  agent = new Agent({ ca: kcp.certificateAuthority, keepAlive: true, maxSockets: 1 })
  for (const name of ['fuzz', 'quiet']) await furnish(await addWorkspace(kcp.masters, 'root', name))
})
after(async () => {
  agent.destroy()
  await kcp[Symbol.asyncDispose]()
})

const crds = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' }

async function furnish(workspace: Client): Promise<void> {
  await workspace.create(namespaces, objectOf('v1', 'Namespace', 'fuzz'))
  await workspace.create(crds, widgetCrd)
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

function send({ method, path, headers, body }: FuzzRequest): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const authorization = `Bearer ${kcp.tokens.shardAdmin}`
  const url = new URL(kcp.url)
  const outgoing = sendHttps({
    agent,
    method,
    hostname: url.hostname,
    port: url.port,
    path,
    headers: { authorization, ...headers, ...(body ? { 'content-length': body.length } : {}) },
    signal: AbortSignal.timeout(answerMsMax),
  })
  outgoing.on('error', reject)
  outgoing.on('response', response => {
    const chunks: Buffer[] = []
    const isWatch = response.statusCode === 200 && /[?&/]watch/.test(path)
    // A watch has answered when it begins.
    if (isWatch && response.headers['content-length'] === undefined) {
      response.destroy()
      resolve({ status: 200, type: '', text: '' })
      return
    }
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      const type = response.headers['content-type'] ?? ''
      resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() })
    })
  })
  outgoing.end(body)
  return promise
}

/** What Kubernetes itself answers with a 5xx; clients know these texts. */
const kubernetesFails: readonly RegExp[] = [
  /^resourceVersion should not be set on objects to be created$/,
  /^resourceVersion: Invalid value: ".*": strconv\.ParseUint: parsing ".*": invalid syntax$/,
  /^map: map\[.*\] does not contain declared merge key: /,
  /^expected a map\[string\]interface {}, but received a /,
  /^failed to create typed patch object/,
  /^Timeout: Too large resource version: /,
  /^strconv\.ParseUint: parsing ".*": invalid syntax$/s,
  /^Internal error occurred: Object 'apiVersion' is missing in 'object has no apiVersion field'$/,
  // Options of DELETE that it cannot read.
  /^couldn't get version\/kind; json parse error: /,
  /^yaml: /,
  /^provided data does not appear to be a protobuf message, /,
  /^json: cannot unmarshal .* into Go struct field (?:DeleteOptions|Preconditions)\./,
  /^no kind ".*" is registered for version ".*" in scheme "k8s\.io\/apimachinery\//s,
  /^unexpected GroupVersion string: /,
]

function problemOf({ status, type, text }: Answer): string | undefined {
  if (status < 400) return undefined
  if (status === 404 && text === '404 page not found\n') return undefined
  const isYaml = type === 'application/yaml'
  if (!isYaml && !type.startsWith('application/json')) return `${status} is ${type}: ${text.slice(0, 200)}`
  const body = isYaml ? parseYaml(text) : JSON.parse(text)
  const isStatus = body.kind === 'Status' && body.apiVersion === 'v1' && body.status === 'Failure'
  if (!isStatus || body.code !== status || typeof body.message !== 'string') return `no Status: ${text.slice(0, 300)}`
  if (status >= 500 && !kubernetesFails.some(pattern => pattern.test(body.message))) return text.slice(0, 500)
  return undefined
}

/** Everything in other workspaces, with the versions it has. */
async function elsewhere(): Promise<string> {
  await using connection = connectServer(kcp.url, { tls: { ca: kcp.certificateAuthority } })
  const authorization = `Bearer ${kcp.tokens.shardAdmin}`
  const read = async (path: string) =>
    JSON.parse(await readText(await connection.transport({ method: 'GET', path, headers: { authorization } })))
  const found: unknown[] = []
  for (const workspace of ['root', 'root:quiet', 'root:compute', 'system:admin']) {
    const base = `/clusters/${workspace}`
    const groups = ((await read(`${base}/apis`)).groups ?? []) as { versions: { groupVersion: string }[] }[]
    const paths = ['/api/v1', ...groups.flatMap(({ versions }) => versions.map(each => `/apis/${each.groupVersion}`))]
    for (const path of paths) {
      const { resources = [] } = await read(`${base}${path}`)
      for (const { name, verbs } of resources) {
        if (verbs.includes('list')) found.push((await read(`${base}${path}/${name}`)).items ?? [])
      }
    }
  }
  return JSON.stringify(found)
}

test(`${requestsCount} requests that are almost right, FUZZ_SEED=${seed}`, async t => {
  const random = createRandom(seed)
  const before = await elsewhere()
  const codes = new Map<number, number>()
  const problems = new Map<string, string>()
  for (let index = 0; index < requestsCount && problems.size < problemsMax; index++) {
    const request = nextRequest(random, '/clusters/root:fuzz')
    const answer = await send(request).catch(error => {
      throw new Error(`request ${index} has no answer: ${described(request)}`, { cause: error })
    })
    codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1)
    const problem = problemOf(answer)
    if (problem !== undefined) problems.set(problem, `request ${index}: ${described(request)}`)
  }
  assert.deepEqual([...problems].flat(), [])
  t.diagnostic(`codes: ${JSON.stringify(Object.fromEntries(codes))}`)
  assert.equal(await elsewhere(), before)
})

function described({ method, path, headers, body }: FuzzRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)}\n${Buffer.from(body ?? [])
    .toString()
    .slice(0, 2_000)}`
}
