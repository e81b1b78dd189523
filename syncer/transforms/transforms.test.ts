import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { downstreamObject, downstreamPart } from './downstream-object.ts'
import { downstreamName, upstreamName } from './names.ts'
import { transformSecret } from './secrets.ts'
import { chooseTokenSecret } from './token-secret.ts'
import { transformWorkload } from './workloads.ts'

const configMaps = { group: '', version: 'v1', resource: 'configmaps' }
const secrets = { group: '', version: 'v1', resource: 'secrets' }
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }
const nameAnnotation = 'kubernetes.io/service-account.name'
const object = (name: string, annotations?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'X',
  metadata: { name, ...(annotations ? { annotations } : {}) },
})

const downs = [
  { gvr: configMaps, view: object('kube-root-ca.crt'), want: 'kcp-root-ca.crt' },
  { gvr: configMaps, view: object('other'), want: 'other' },
  { gvr: secrets, view: object('default-token-1', { [nameAnnotation]: 'default' }), want: 'kcp-default-token-1' },
  { gvr: secrets, view: object('default-token-1', { [nameAnnotation]: 'other' }), want: 'default-token-1' },
  { gvr: secrets, view: object('default-token-1'), want: 'default-token-1' },
  { gvr: { ...configMaps, group: 'g' }, view: object('kube-root-ca.crt'), want: 'kube-root-ca.crt' },
]
for (const { gvr, view, want } of downs) {
  test(`down: ${gvr.resource} ${view.metadata.name} is ${want}`, () => assert.equal(downstreamName(gvr, view), want))
}
const ups = [
  { gvr: configMaps, name: 'kcp-root-ca.crt', want: 'kube-root-ca.crt' },
  { gvr: configMaps, name: 'my-configmap', want: 'my-configmap' },
  { gvr: secrets, name: 'kcp-default-token-1234', want: 'default-token-1234' },
  { gvr: secrets, name: 'my-super-secret', want: 'my-super-secret' },
  { gvr: { ...secrets, group: 'random' }, name: 'kcp-foo', want: 'kcp-foo' },
  { gvr: configMaps, name: 'kcp-default-token-1234', want: 'kcp-default-token-1234' },
]
for (const { gvr, name, want } of ups) {
  test(`up: ${gvr.resource} ${name} is ${want}`, () => assert.equal(upstreamName(gvr, name), want))
}

test('a secret of no service account is left alone', () => {
  const secret = { ...object('a'), type: 'kubernetes.io/service-account-token', data: { a: 'Yg==' } }
  assert.deepEqual(transformSecret(secret), secret)
})

test('a token secret becomes an opaque one', () => {
  const uid = 'kubernetes.io/service-account.uid'
  const secret = { ...object('a', { [nameAnnotation]: 'x', [uid]: 'u' }), type: 'kubernetes.io/service-account-token' }
  assert.deepEqual(transformSecret({ ...secret, data: { a: 'Yg==' } }), {
    ...object('a'),
    type: 'Opaque',
    data: { a: 'Yg==' },
  })
})

const surroundings = {
  upstreamUrl: 'https://4.5.6.7:12345',
  upstreamNamespace: 'namespace',
  upstreamCluster: 'cluster',
  tokenSecret: (account: string) => (account === 'default' ? 'kcp-default-token-1234' : undefined),
}
const port = { name: 'KUBERNETES_SERVICE_PORT', value: '12345' }
const portHttps = { name: 'KUBERNETES_SERVICE_PORT_HTTPS', value: '12345' }
const host = { name: 'KUBERNETES_SERVICE_HOST', value: '4.5.6.7' }
const mount = { name: 'kcp-api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }
const volume = {
  name: 'kcp-api-access',
  projected: {
    defaultMode: 420,
    sources: [
      {
        secret: {
          name: 'kcp-default-token-1234',
          items: [
            { key: 'token', path: 'token' },
            { key: 'namespace', path: 'namespace' },
          ],
        },
      },
      { configMap: { name: 'kcp-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    ],
  },
}
const deployment = (spec: object): KubeObject => ({ ...object('web'), spec: { replicas: 1, template: { spec } } })
const podOf = (given: object) =>
  (transformWorkload(deployment(given), surroundings) as unknown as { spec: { template: { spec: unknown } } }).spec
    .template.spec

const pods: { name: string; pod: object; want: object }[] = [
  {
    name: 'a container without env',
    pod: { containers: [{ name: 'c' }] },
    want: {
      containers: [{ name: 'c', env: [port, portHttps, host], volumeMounts: [mount] }],
      automountServiceAccountToken: false,
      volumes: [volume],
    },
  },
  {
    name: 'the env of the user comes first; ours replaces in place, valueFrom included',
    pod: {
      containers: [
        {
          name: 'c',
          env: [
            { name: 'TEST_ENV_VAR', value: 'x' },
            { name: 'KUBERNETES_SERVICE_PORT', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            { name: 'NS', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
            { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
        },
      ],
    },
    want: {
      containers: [
        {
          name: 'c',
          env: [
            { name: 'TEST_ENV_VAR', value: 'x' },
            port,
            { name: 'NS', value: 'namespace' },
            { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            portHttps,
            host,
          ],
          volumeMounts: [mount],
        },
      ],
      automountServiceAccountToken: false,
      volumes: [volume],
    },
  },
  {
    name: 'mounts and volumes of our name or on our path are replaced, others and unknown members stay',
    pod: {
      serviceAccount: 'default',
      hostNetwork: true,
      containers: [],
      initContainers: [
        {
          name: 'i',
          volumeMounts: [
            { name: 'kcp-api-access', mountPath: '/x', readOnly: false },
            { name: 'mine', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount/' },
            { name: 'data', mountPath: '/data' },
          ],
        },
      ],
      volumes: [
        { name: 'kcp-api-access', secret: {} },
        { name: 'data', emptyDir: {} },
      ],
    },
    want: {
      hostNetwork: true,
      containers: [],
      initContainers: [
        { name: 'i', env: [port, portHttps, host], volumeMounts: [{ name: 'data', mountPath: '/data' }, mount] },
      ],
      automountServiceAccountToken: false,
      volumes: [{ name: 'data', emptyDir: {} }, volume],
    },
  },
]
for (const { name, pod, want } of pods) {
  test(`pods: ${name}`, () => assert.deepEqual(podOf(pod), want))
}

test('without a token there is nothing to apply yet', () => {
  assert.throws(() => podOf({ serviceAccountName: 'robot' }), {
    message: "couldn't find a token upstream for the serviceaccount robot/namespace in workspace cluster",
  })
})

test('the oldest token secret is taken, equally old ones by name', () => {
  const secret = (downstreamName: string, createdAt: string) => ({ serviceAccount: 'a', createdAt, downstreamName })
  const all = [
    secret('c', '2026-01-02T00:00:00Z'),
    secret('b', '2026-01-01T00:00:00Z'),
    secret('a', '2026-01-01T00:00:00Z'),
  ]
  assert.equal(chooseTokenSecret(all, 'a'), 'a')
  assert.equal(chooseTokenSecret(all, 'other'), undefined)
})

const view: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'foo',
    namespace: 'test',
    uid: 'u',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
    finalizers: ['workload.kcp.io/syncer-K'],
    ownerReferences: [],
    managedFields: [],
    labels: { something: 'else', 'state.workload.kcp.io/K': 'Sync', 'state.workload.kcp.io/L': 'Sync' },
    annotations: {
      'kcp.io/cluster': 'c',
      'deletion.internal.workload.kcp.io/L': 'x',
      'experimental.status.workload.kcp.io/K': '1',
    },
  },
  data: { a: 'Yg==' },
  type: 'Opaque',
  status: { phase: 'x' },
}
const placement = {
  gvr: secrets,
  syncTargetKey: 'K',
  name: 'foo',
  namespace: 'kcp-01c0zzvlqsi7n',
  locator: { syncTarget: { cluster: 's', name: 'st', uid: 'u' }, cluster: 'c', namespace: '' },
  surroundings,
}

test('what is applied: what users wrote and our label, nothing of either server', () => {
  assert.deepEqual(downstreamObject(view, placement), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'foo',
      namespace: 'kcp-01c0zzvlqsi7n',
      labels: { something: 'else', 'internal.workload.kcp.io/cluster': 'K' },
    },
    data: { a: 'Yg==' },
    type: 'Opaque',
  })
})

test('a cluster-scoped object says where it comes from', () => {
  const volume = downstreamObject(object('pv'), {
    ...placement,
    gvr: { ...secrets, resource: 'persistentvolumes' },
    namespace: '',
  })
  assert.deepEqual(volume.metadata.annotations, {
    'kcp.io/namespace-locator': '{"syncTarget":{"cluster":"s","name":"st","uid":"u"},"cluster":"c","namespace":""}',
  })
})

const same = (change: (metadata: KubeObject['metadata']) => Partial<KubeObject>) => ({
  ...view,
  ...change(view.metadata),
})
const flows: { name: string; changed: KubeObject; flows: boolean }[] = [
  { name: 'status', changed: same(() => ({ status: { phase: 'Failed' } })), flows: false },
  {
    name: 'status annotation',
    changed: same(m => ({
      metadata: { ...m, annotations: { ...m.annotations, 'experimental.status.workload.kcp.io/K': '2' } },
    })),
    flows: false,
  },
  { name: 'finalizers', changed: same(m => ({ metadata: { ...m, finalizers: [] } })), flows: false },
  {
    name: 'state of another target',
    changed: same(m => ({ metadata: { ...m, labels: { something: 'else' } } })),
    flows: false,
  },
  { name: 'label', changed: same(m => ({ metadata: { ...m, labels: { something: 'new' } } })), flows: true },
  { name: 'annotation', changed: same(m => ({ metadata: { ...m, annotations: { mine: 'x' } } })), flows: true },
  { name: 'top-level member', changed: same(() => ({ immutable: true })), flows: true },
]
for (const { name, changed, flows: wanted } of flows) {
  test(`a change of ${name} ${wanted ? 'flows down' : 'stays up'}`, () => {
    const [before, after] = [downstreamPart(view), downstreamPart(changed)].map(part => JSON.stringify(part))
    assert.equal(before !== after, wanted)
  })
}
test('deployments are transformed, other groups of that name are not', () => {
  const at = { ...placement, gvr: { ...deployments, group: 'example.io' } }
  assert.deepEqual(downstreamObject(deployment({ containers: [] }), at).spec, {
    replicas: 1,
    template: { spec: { containers: [] } },
  })
})
