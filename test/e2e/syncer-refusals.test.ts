// What the physical cluster refuses for good: the syncer says why, asks less and less often, and goes on with the rest.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import {
  configMaps,
  deployments,
  downstreamNamespace,
  eventually,
  find,
  namespaces,
  type SeenRequest,
  startSynced,
} from '../harness/synced.ts'

const namespace = 'default'

test('a Deployment that only the physical cluster refuses', async () => {
  await using synced = await startSynced()
  const syncer = await synced.startSyncer()
  const apps = await synced.workspace('apps')
  const { metadata } = await apps.get(namespaces, { name: namespace })
  const at = await downstreamNamespace(synced.downstream, metadata.annotations?.['kcp.io/cluster'] ?? '', namespace)
  await apps.create(deployments, deployment({ app: 'mended' }))
  const isTry = ({ method, path }: SeenRequest) => method === 'PATCH' && path.includes('/refused?')
  const tries = () => syncer.requests.filter(isTry)
  await eventually('tries after the fourth', async () => (tries().length > 6 ? true : undefined))
  const complaints = syncer.complaints.filter(text => text.includes('refused'))
  assert.equal(complaints.length, 1)
  assert.match(complaints[0] ?? '', /^reconcile failed, will retry .*apps .*default\/refused/)
  assert.match(
    complaints[0] ?? '',
    /Deployment\.apps .*refused.* is invalid: .*`selector` does not match template `labels`/,
  )
  await apps.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'beside', namespace } })
  await eventually('the rest', () => find(synced.downstream, configMaps, { namespace: at, name: 'beside' }))
  const body = { spec: { template: { metadata: { labels: { app: 'refused' } } } } }
  await apps.patch(deployments, { namespace, name: 'refused' }, { type: 'merge', body })
  await eventually('it is mended', () => find(synced.downstream, deployments, { namespace: at, name: 'refused' }))
  // They wait 5 ms, 10 ms, 20 ms and so on, up to half a minute.
  assert.ok(tries().length < 16, `${tries().length} tries`)
})

function deployment(labels: Record<string, string>): KubeObject {
  const containers = [{ name: 'c', image: 'example.com/image:1' }]
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'refused', namespace },
    spec: { selector: { matchLabels: { app: 'refused' } }, template: { metadata: { labels }, spec: { containers } } },
  }
}
