// Requests that a kube-apiserver 1.31 refused, recorded: paths, methods, media types, parameters, bodies and patches of
// every kind. A workspace answers with the same code, reason, message and details.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readText } from '../../api-client/resources/response.ts'
import { connectServer, type ServerConnection } from '../../api-client/transport/undici-transport.ts'
import { addWorkspace } from '../harness/compute.ts'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { type RecordedRequest, recordedRequests } from '../harness/recordings.ts'
import { until } from '../harness/until.ts'

const { setup, rows } = recordedRequests()

let kcp: TestKcp
let connection: ServerConnection
before(async () => {
  kcp = await startTestKcp()
  connection = connectServer(kcp.url, { tls: { ca: kcp.certificateAuthority } })
  const workspace = await addWorkspace(kcp.masters, 'root', 'requests')
  for (const { line, body } of setup) {
    const { code } = await send({ line, ...(body ? { body: JSON.stringify(body) } : {}), code: 201, message: '' })
    assert.equal(code, line.startsWith('DELETE') ? 200 : 201, line)
    if (body && line.endsWith('/customresourcedefinitions')) {
      await until(workspace, { gvr: crds, name: body.metadata.name }, crd => isEstablished(crd?.status))
    }
  }
})
after(async () => {
  await connection[Symbol.asyncDispose]()
  await kcp[Symbol.asyncDispose]()
})

const crds = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' }

function isEstablished(status: unknown): boolean {
  return JSON.stringify(status ?? {}).includes('"type":"Established","status":"True"')
}

async function send({ line, body, type, accept }: RecordedRequest) {
  const [method = ''] = line.split(' ')
  const response = await connection.transport({
    method: method as 'GET',
    path: `/clusters/root:requests${line.slice(method.length + 1)}`,
    headers: {
      authorization: `Bearer ${kcp.tokens.shardAdmin}`,
      ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      ...(accept === undefined ? {} : { accept }),
    },
    ...(body === undefined ? {} : { body }),
  })
  const text = await readText(response)
  const isStatus = text.startsWith('{')
  return { code: response.status, ...(isStatus ? JSON.parse(text) : { message: text }) }
}

describe('recorded requests', () => {
  for (const [index, row] of rows.entries()) {
    test(`${index} ${row.line} ${row.type ?? ''} ${row.body?.slice(0, 100) ?? ''}`, async () => {
      const { code, reason, message, details } = await send(row)
      const { code: wantedCode, reason: wantedReason, message: wantedMessage, details: wantedDetails } = row
      assert.deepEqual(
        { code, reason, message, details },
        { code: wantedCode, reason: wantedReason, message: wantedMessage, details: wantedDetails },
      )
    })
  }
})
