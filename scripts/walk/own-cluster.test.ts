import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kubeconfigFor, type Manifest, namespacesOf, syncerOf } from './own-cluster.ts'

const uid = '0085b1c4-210f-474a-a3d0-184675a771c5'
const manifest: Manifest[] = [
  { kind: 'Namespace', metadata: { name: 'kcp-syncer-kind-1' } },
  {
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { name: 'kcp-syncer-kind-1-token', namespace: 'kcp-syncer-kind-1' },
  },
  {
    kind: 'Secret',
    metadata: { name: 'kcp-syncer-kind-1', namespace: 'kcp-syncer-kind-1' },
    data: { kubeconfig: Buffer.from('kind: Config').toString('base64') },
  },
  {
    kind: 'Deployment',
    metadata: { name: 'kcp-syncer-kind-1', namespace: 'kcp-syncer-kind-1' },
    spec: {
      template: {
        spec: { containers: [{ args: ['--from-kubeconfig=/kcp/kubeconfig', `--sync-target-uid=${uid}`] }] },
      },
    },
  },
]

describe('the walk on a cluster of the user', () => {
  test('reads the syncer from the manifest', () => {
    assert.deepEqual(syncerOf(manifest), {
      name: 'kcp-syncer-kind-1',
      namespace: 'kcp-syncer-kind-1',
      kubeconfig: 'kind: Config',
      tokenSecret: 'kcp-syncer-kind-1-token',
      args: ['--from-kubeconfig=/kcp/kubeconfig', `--sync-target-uid=${uid}`],
      uid,
    })
  })

  test('the syncer reaches the cluster as the user does, but not as the user', () => {
    const cluster = { server: 'https://h/k8s/clusters/c-1', 'certificate-authority-data': 'Y2E=' }
    const config = JSON.parse(kubeconfigFor(cluster, 'sa-token'))
    assert.deepEqual(config.clusters, [{ name: 'pcluster', cluster }])
    assert.deepEqual(config.users, [{ name: 'syncer', user: { token: 'sa-token' } }])
  })

  test('removes the namespaces of its own SyncTarget only', () => {
    const namespace = (name: string, locatorUid?: string) => ({
      metadata: {
        name,
        ...(locatorUid === undefined
          ? {}
          : {
              annotations: {
                'kcp.io/namespace-locator': `{"syncTarget":{"cluster":"c","name":"kind","uid":"${locatorUid}"},"cluster":"w","namespace":"default"}`,
              },
            }),
      },
    })
    const all = [namespace('default'), namespace('kcp-a', uid), namespace('kcp-b', 'other'), namespace('kcp-c')]
    assert.deepEqual(namespacesOf(uid, all), ['kcp-a'])
    assert.deepEqual(namespacesOf('', [...all, namespace('kcp-d', '')]), [])
  })
})
