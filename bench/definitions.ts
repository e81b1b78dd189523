// What custom resources cost: 1,000 definitions in one workspace, and one definition in 1,000 workspaces. How long discovery
// and OpenAPI take, first and again, and memory per definition.
import { setTimeout as delay } from 'node:timers/promises'
import { openRawClient, type RawClient } from './raw-client.ts'
import { printRow, quantile } from './report.ts'
import { cpuMs, type Endpoint, type Kcp, rssMb, startBenchedKcp } from './servers.ts'
import { createWorkspaces, watchReady } from './workspaces.ts'

const count = 1_000
const clients = 8
const settleMs = 2_000
const pollMs = 20
const crds = 'apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const documents = ['apis', 'openapi/v3', 'openapi/v2']

export async function run(): Promise<void> {
  await manyInOne()
  await oneInMany()
}

async function manyInOne(): Promise<void> {
  await using kcp = await startBenchedKcp()
  await measureCreation(kcp, `${count} definitions in one workspace`, i => ({ path: '/clusters/root', group: i }))
  await measureDocuments(kcp.endpoint, '/clusters/root')
}

async function oneInMany(): Promise<void> {
  await using kcp = await startBenchedKcp()
  const stop = new AbortController()
  const whenReady = await watchReady(kcp.endpoint, stop.signal)
  await createWorkspaces(kcp.endpoint, whenReady, { prefix: 'a', count, clients })
  stop.abort()
  const pathOf = (i: number) => `/clusters/root:a${i}`
  await measureCreation(kcp, `one definition in ${count} workspaces`, i => ({ path: pathOf(i), group: 0 }))
  await measureDocuments(kcp.endpoint, pathOf(count - 1))
}

type Place = (i: number) => { readonly path: string; readonly group: number }

async function measureCreation(kcp: Kcp, what: string, placeOf: Place): Promise<void> {
  await delay(settleMs)
  const before = { rssMb: rssMb(kcp.pid), cpuMs: cpuMs(kcp.pid) }
  const startedMs = performance.now()
  let next = 0
  const work = async () => {
    const client = await openRawClient(kcp.endpoint)
    for (let i = next++; i < count; i = next++) {
      const { path, group } = placeOf(i)
      await ask(client, 'POST', `${path}/${crds}`, JSON.stringify(definition(group)))
    }
    client.close()
  }
  await Promise.all(Array.from({ length: clients }, work))
  await untilServed(kcp.endpoint, placeOf)
  const seconds = (performance.now() - startedMs) / 1000
  const cpu = (cpuMs(kcp.pid) - before.cpuMs) / count
  await delay(settleMs)
  const kilobytes = ((rssMb(kcp.pid) - before.rssMb) / count) * 1000
  printRow({ [what]: '', 'served per second': count / seconds, 'CPU ms each': cpu, 'kB each, RSS': kilobytes })
}

/** The last of them is established after the others, but for those that are on their way. */
async function untilServed(endpoint: Endpoint, placeOf: Place): Promise<void> {
  const client = await openRawClient(endpoint)
  for (const i of [0, Math.floor(count / 2), ...Array.from({ length: clients }, (_, each) => count - 1 - each)]) {
    const { path, group } = placeOf(i)
    const list = `${path}/apis/bench${group}.example.com/v1/widgets`
    while ((await client.request('GET', list)).status !== 200) await delay(pollMs)
  }
  client.close()
}

const again = 10

async function measureDocuments(endpoint: Endpoint, path: string): Promise<void> {
  const client = await openRawClient(endpoint)
  for (const document of documents) {
    const times: number[] = []
    let bytes = 0
    for (let i = 0; i <= again; i++) {
      const startedMs = performance.now()
      bytes = (await ask(client, 'GET', `${path}/${document}`)).length
      times.push(performance.now() - startedMs)
    }
    const [first = 0, ...others] = times
    printRow({ [`/${document} there`]: '', 'first, ms': first, 'again, ms': quantile(others, 0.5), kB: bytes / 1000 })
  }
  client.close()
}

async function ask(client: RawClient, method: string, path: string, body?: string): Promise<Buffer> {
  const answer = await client.request(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
  return answer.body
}

function definition(number: number): object {
  const group = `bench${number}.example.com`
  const text = { type: 'string' }
  const fields = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`field${number}x${i}`, text]))
  const spec = { type: 'object', properties: fields }
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  }
}
