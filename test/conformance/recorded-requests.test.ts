// Requests that a kube-apiserver 1.31 refused, recorded: paths, methods, media types, parameters, bodies and patches of
// every kind. A workspace and the simulated cluster answer with the same code, reason, message and details.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from '../../api-client/client.ts'
import { readText } from '../../api-client/resources/response.ts'
import type { Transport } from '../../api-client/transport/transport.ts'
import { connectServer } from '../../api-client/transport/undici-transport.ts'
import { addWorkspace } from '../harness/compute.ts'
import { startTestKcp } from '../harness/kcp.ts'
import { startTestPcluster } from '../harness/pcluster.ts'
import { type RecordedRequest, recordedRequests } from '../harness/recordings.ts'
import { until } from '../harness/until.ts'

const { setup, rows } = recordedRequests()

interface Place extends AsyncDisposable {
  /** Of the API server's paths. */
  readonly base: string
  readonly client: Client
  readonly transport: Transport
  readonly headers: Readonly<Record<string, string>>
}

async function openWorkspace(): Promise<Place> {
  const parts = new AsyncDisposableStack()
  const kcp = parts.use(await startTestKcp())
  const { transport } = parts.use(connectServer(kcp.url, { tls: { ca: kcp.certificateAuthority } }))
  const client = await addWorkspace(kcp.masters, 'root', 'requests')
  const headers = { authorization: `Bearer ${kcp.tokens.shardAdmin}` }
  return {
    base: '/clusters/root:requests',
    client,
    transport,
    headers,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

async function openPcluster(): Promise<Place> {
  const pcluster = await startTestPcluster()
  const { client, transport } = pcluster
  return {
    base: '',
    client,
    transport,
    headers: { 'user-agent': 'unknown' },
    [Symbol.asyncDispose]: () => pcluster[Symbol.asyncDispose](),
  }
}

async function furnish(place: Place): Promise<void> {
  for (const { line, body } of setup) {
    const { code } = await send(place, {
      line,
      ...(body ? { body: JSON.stringify(body) } : {}),
      code: 201,
      message: '',
    })
    assert.equal(code, line.startsWith('DELETE') ? 200 : 201, line)
    if (body && line.endsWith('/customresourcedefinitions')) {
      await until(place.client, { gvr: crds, name: body.metadata.name }, crd => isEstablished(crd?.status))
    }
  }
}

const crds = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' }

function isEstablished(status: unknown): boolean {
  return JSON.stringify(status ?? {}).includes('"type":"Established","status":"True"')
}

async function send({ base, transport, headers }: Place, { line, body, type, accept }: RecordedRequest) {
  const [method = ''] = line.split(' ')
  const response = await transport({
    method: method as 'GET',
    path: `${base}${line.slice(method.length + 1)}`,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      ...(accept === undefined ? {} : { accept }),
    },
    ...(body === undefined ? {} : { body }),
  })
  const text = await readText(response)
  return { code: response.status, ...(text.startsWith('{') ? JSON.parse(text) : { message: text }) }
}

for (const [where, open] of [
  ['a workspace', openWorkspace],
  ['the simulated cluster', openPcluster],
] as const) {
  describe(`recorded requests in ${where}`, () => {
    let place: Place
    before(async () => {
      place = await open()
      await furnish(place)
    })
    after(() => place[Symbol.asyncDispose]())

    for (const [index, row] of rows.entries()) {
      test(`${index} ${row.line} ${row.type ?? ''} ${row.body?.slice(0, 100) ?? ''}`, async () => {
        const { code, reason, message, details } = await send(place, row)
        const wanted = { code: row.code, reason: row.reason, message: row.message, details: row.details }
        assert.deepEqual({ code, reason, message, details }, wanted)
      })
    }
  })
}
