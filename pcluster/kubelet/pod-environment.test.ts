import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pod } from '../workloads.ts'
import { environmentOf, MissingReference, mountsOf, rewritePaths } from './pod-environment.ts'

const mounts = [
  { mountPath: '/kcp', path: '/p/volumes/config' },
  { mountPath: '/kcp/deep', path: '/p/volumes/deep' },
]

describe('mount paths in texts', () => {
  const cases = [
    { text: '--from-kubeconfig=/kcp/kubeconfig', want: '--from-kubeconfig=/p/volumes/config/kubeconfig' },
    { text: '/kcp', want: '/p/volumes/config' },
    { text: '/kcp/deep/x', want: '/p/volumes/deep/x' },
    { text: '/kcpx/y', want: '/kcpx/y' },
    { text: '/a/kcp/y', want: '/a/kcp/y' },
    { text: 'https://host/kcp', want: 'https://host/kcp' },
    { text: 'a=/kcp,b=/kcp/c', want: 'a=/p/volumes/config,b=/p/volumes/config/c' },
  ]
  for (const { text, want } of cases) test(text, () => assert.equal(rewritePaths(text, mounts), want))

  test('slashes at the end of a mount path do not count', () => {
    const made = mountsOf({ name: 'c', volumeMounts: [{ name: 'v', mountPath: '/kcp/' }] }, volume => `/p/${volume}`)
    assert.deepEqual(made, [{ mountPath: '/kcp', path: '/p/v' }])
  })
})

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n', uid: 'u', labels: { a: 'b' } },
  spec: { containers: [] },
}
const sources = {
  secret: (name: string) => (name === 's' ? { k: 'secret' } : undefined),
  configMap: () => undefined,
  apiServer: { host: '127.0.0.1', port: 1234 },
  mounts: [{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', path: '/p/sa' }],
}

describe('the environment of a pod', () => {
  test('has the API server, its own variables and nothing of ours', () => {
    const env = environmentOf(
      pod,
      {
        name: 'c',
        env: [
          { name: 'NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
          { name: 'LABEL', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a']" } } },
          { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
          { name: 'URL', value: 'https://$(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)/$(NOPE)' },
        ],
      },
      sources,
    )
    assert.deepEqual(env, {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: '1234',
      KUBERNETES_SERVICE_PORT_HTTPS: '1234',
      HOSTNAME: 'p',
      NAMESPACE: 'n',
      LABEL: 'b',
      S: 'secret',
      URL: 'https://127.0.0.1:1234/$(NOPE)',
      KCP_SERVICE_ACCOUNT_DIRECTORY: '/p/sa',
    })
  })
  test('a missing key is named', () => {
    const container = { name: 'c', env: [{ name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'nope' } } }] }
    assert.throws(
      () => environmentOf(pod, container, sources),
      new MissingReference("couldn't find key nope in secret n/s for S"),
    )
  })
})
