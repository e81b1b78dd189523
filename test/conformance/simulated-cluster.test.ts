// What clients of a physical cluster meet and a workspace does not have.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import type { Volume } from '../../pcluster/workloads.ts'
import { startTestPcluster, type TestPcluster } from '../harness/pcluster.ts'

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
