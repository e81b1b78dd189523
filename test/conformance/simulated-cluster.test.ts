// What clients of a physical cluster meet and a workspace does not have.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import type { Volume } from '../../pcluster/workloads.ts'
import { startTestPcluster, type TestPcluster } from '../harness/pcluster.ts'
import { until } from '../harness/until.ts'

const pods = { group: '', version: 'v1', resource: 'pods' }
interface CreatedPod extends KubeObject {
  spec: { containers: object[]; volumes?: Volume[] }
}

let cluster: TestPcluster
before(async () => {
  cluster = await startTestPcluster()
})
after(() => cluster?.[Symbol.asyncDispose]())

test('what admission adds to a pod has its defaults: no later write changes the spec', async () => {
  const pod: CreatedPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'new', namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  }
  const { spec } = await cluster.client.create(pods, pod, { dryRun: true })
  const [items] = (spec.volumes?.[0]?.projected?.sources ?? []).flatMap(({ downwardAPI }) => downwardAPI?.items ?? [])
  assert.deepEqual(items?.fieldRef, { apiVersion: 'v1', fieldPath: 'metadata.namespace' })
})

const accounts = { group: '', version: 'v1', resource: 'serviceaccounts' }
interface Issued extends KubeObject {
  spec: { audiences?: string[]; boundObjectRef?: object }
  status?: { token: string }
}
interface Reviewed extends KubeObject {
  spec: { token: string; audiences?: string[] }
  status?: {
    authenticated?: boolean
    error?: string
    audiences?: string[]
    user?: { extra?: Record<string, string[]> }
  }
}

async function tokenFor(name: string, spec: Issued['spec']): Promise<string> {
  const body: Issued = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name: '' }, spec }
  const issued = await send<Issued>(`/api/v1/namespaces/default/serviceaccounts/${name}/token`, body)
  return issued.status?.token ?? ''
}

async function review(token: string, audiences: string[] = []): Promise<Reviewed['status']> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } }
  return (await send<Reviewed>('/apis/authentication.k8s.io/v1/tokenreviews', body)).status
}

async function send<T>(path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const { body: answer, status } = await cluster.transport({
    method: 'POST',
    path,
    headers,
    body: JSON.stringify(body),
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  assert.ok(status < 300, text)
  return JSON.parse(text)
}

test('a token for others is reviewed by those it is for', async () => {
  const token = await tokenFor('default', { audiences: ['vault', 'mesh'] })
  assert.deepEqual((await review(token, ['mesh', 'x', 'vault']))?.audiences, ['vault', 'mesh'])
  assert.deepEqual(await review(token), {
    error:
      '[invalid bearer token, token audiences ["vault" "mesh"] is invalid for the target audiences ["https://kubernetes.default.svc.cluster.local"]]',
    user: {},
  })
})

test('a token is bound to a node, or to a pod of its own account', async () => {
  const node = { apiVersion: 'v1', kind: 'Node', name: 'east-simulated-node' }
  const names = (await review(await tokenFor('default', { boundObjectRef: node })))?.user?.extra ?? {}
  assert.deepEqual(names['authentication.kubernetes.io/node-name'], ['east-simulated-node'])
  const pod: CreatedPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bound', namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  }
  await cluster.client.create(pods, pod)
  await cluster.client.create(accounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'other', namespace: 'default' },
  })
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'bound' }
  const text = /cannot bind token for serviceaccount \\"other\\" to pod running with different serviceaccount name\./
  await assert.rejects(tokenFor('other', { boundObjectRef }), text)
  const token = await tokenFor('default', { boundObjectRef })
  assert.equal((await review(token))?.authenticated, true)
  await cluster.client.delete(pods, { namespace: 'default', name: 'bound' })
  await until(cluster.client, { gvr: pods, name: 'bound' }, each => each === undefined)
  assert.equal((await review(token))?.error, '[invalid bearer token, service account token has been invalidated]')
})

test('a review has no table', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  const ask = (headers: Record<string, string>) =>
    cluster.transport({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ spec: { nonResourceAttributes: { path: '/', verb: 'get' } } }),
    })
  assert.equal((await ask({ accept })).status, 406)
  assert.equal((await ask({ accept: `${accept},application/json` })).status, 201)
})
