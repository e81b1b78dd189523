import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { RequestContext, ResourceType } from '../registry/resource.ts'
import { clusterTypes, nativeTypes } from './native-types.ts'

const context: RequestContext = {
  cluster: 'root',
  user: { username: 'ann', groups: ['system:authenticated'] },
  userAgent: 'test',
  now: new Date(0),
  dryRun: false,
  warn: () => undefined,
}

function typeOf(kind: string, group = ''): ResourceType {
  const type = clusterTypes().find(each => each.kind === kind && each.group === group)
  assert.ok(type, kind)
  return type
}

function create(type: ResourceType, object: JsonObject): { object: KubeObject; errors: string[] } {
  const { metadata, ...rest } = structuredClone(object)
  const full = {
    apiVersion: type.group === '' ? 'v1' : `${type.group}/v1`,
    kind: type.kind,
    metadata: { name: 'x', namespace: 'default', ...(metadata as JsonObject | undefined) },
    ...rest,
  }
  type.schema.prune(full)
  type.schema.applyDefaults(full)
  type.strategy.prepareForCreate?.(full, context)
  const errors = [...type.schema.validate(full), ...(type.strategy.validate?.(full) ?? [])]
  return { object: full, errors: errors.map(error => `${error.field}: ${error.message}`) }
}

function update(type: ResourceType, old: KubeObject, changes: JsonObject, subresource = ''): string[] {
  const object: KubeObject = { ...structuredClone(old), ...structuredClone(changes) }
  type.schema.applyDefaults(object)
  type.strategy.prepareForUpdate?.(object, old, subresource, context)
  const errors = type.strategy.validateUpdate?.(object, old, subresource) ?? []
  return errors.map(error => `${error.field}: ${error.message}`)
}

test('kcp serves exactly its native resources, in its order', () => {
  const facts = nativeTypes().map(type =>
    `${type.group}/${type.resource} ${Object.keys(type.subresources).join()}`.trim(),
  )
  assert.deepEqual(facts, [
    '/configmaps',
    '/events',
    '/limitranges',
    '/namespaces finalize,status',
    '/resourcequotas status',
    '/secrets',
    '/serviceaccounts token',
    'authentication.k8s.io/selfsubjectreviews',
    'authentication.k8s.io/tokenreviews',
    'authorization.k8s.io/localsubjectaccessreviews',
    'authorization.k8s.io/selfsubjectaccessreviews',
    'authorization.k8s.io/selfsubjectrulesreviews',
    'authorization.k8s.io/subjectaccessreviews',
    'certificates.k8s.io/certificatesigningrequests approval,status',
    'coordination.k8s.io/leases',
    'rbac.authorization.k8s.io/clusterrolebindings',
    'rbac.authorization.k8s.io/clusterroles',
    'rbac.authorization.k8s.io/rolebindings',
    'rbac.authorization.k8s.io/roles',
    'admissionregistration.k8s.io/mutatingwebhookconfigurations',
    'admissionregistration.k8s.io/validatingwebhookconfigurations',
    'events.k8s.io/events',
    'apiextensions.k8s.io/customresourcedefinitions status',
  ])
  const prefixes = nativeTypes().filter(type => type.resource === 'events')
  assert.deepEqual(new Set(prefixes.map(type => type.keyPrefix)), new Set(['/registry/core/events/']))
})

describe('what users send is completed', () => {
  test('a deployment', () => {
    const { object, errors } = create(typeOf('Deployment', 'apps'), {
      spec: {
        strategy: {},
        selector: { matchLabels: { app: 'kuard' } },
        template: {
          metadata: { labels: { app: 'kuard' } },
          spec: {
            containers: [{ name: 'kuard', image: 'kuard:blue', ports: [{ containerPort: 8080 }], resources: {} }],
          },
        },
      },
      status: {},
    })
    assert.deepEqual(errors, [])
    assert.deepEqual(object.spec, {
      replicas: 1,
      selector: { matchLabels: { app: 'kuard' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: {
        metadata: { creationTimestamp: null, labels: { app: 'kuard' } },
        spec: {
          containers: [
            {
              name: 'kuard',
              image: 'kuard:blue',
              imagePullPolicy: 'IfNotPresent',
              ports: [{ containerPort: 8080, protocol: 'TCP' }],
              resources: {},
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
            },
          ],
          dnsPolicy: 'ClusterFirst',
          restartPolicy: 'Always',
          schedulerName: 'default-scheduler',
          securityContext: {},
          terminationGracePeriodSeconds: 30,
        },
      },
    })
    assert.equal(object.metadata.generation, 1)
  })
  test('a service', () => {
    const { object } = create(typeOf('Service'), { spec: { ports: [{ port: 80 }], selector: { app: 'a' } } })
    assert.deepEqual(object.spec, {
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      selector: { app: 'a' },
      sessionAffinity: 'None',
      type: 'ClusterIP',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    })
  })
  test('a namespace', () => {
    const { object } = create(typeOf('Namespace'), { metadata: { name: 'a' } })
    assert.deepEqual(object.spec, { finalizers: ['kubernetes'] })
    assert.deepEqual(object.status, { phase: 'Active' })
    assert.deepEqual(object.metadata.labels, { 'kubernetes.io/metadata.name': 'a' })
    assert.equal(typeOf('Namespace').strategy.mayDeleteNow?.(object), false)
  })
  test('a secret', () => {
    const { object } = create(typeOf('Secret'), { stringData: { a: 'b' }, data: { c: 'ZA==' } })
    assert.deepEqual(object.data, { c: 'ZA==', a: 'Yg==' })
    assert.equal(object.type, 'Opaque')
    assert.equal(object.stringData, undefined)
  })
})

const template = { metadata: { labels: { app: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
const refused: [title: string, kind: string, group: string, object: JsonObject, want: string[]][] = [
  [
    'config map key',
    'ConfigMap',
    '',
    { data: { 'a/b': '' } },
    [
      `data[a/b]: Invalid value: "a/b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    ],
  ],
  [
    'config map size',
    'ConfigMap',
    '',
    { data: { a: 'x'.repeat(1024 * 1024 + 1) } },
    ['[]: Too long: must have at most 1048576 bytes'],
  ],
  [
    'token secret without account',
    'Secret',
    '',
    { type: 'kubernetes.io/service-account-token' },
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
  [
    'selector that does not match',
    'Deployment',
    'apps',
    { spec: { selector: { matchLabels: { app: 'a' } }, template } },
    [
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"b"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'no selector and no containers',
    'Deployment',
    'apps',
    { spec: { template: { spec: {} } } },
    ['spec.selector: Required value', 'spec.template.spec.containers: Required value'],
  ],
  [
    'container without image and name',
    'Pod',
    '',
    { spec: { containers: [{}] } },
    ['spec.containers[0].name: Required value', 'spec.containers[0].image: Required value'],
  ],
  [
    'role rule without verbs',
    'ClusterRole',
    'rbac.authorization.k8s.io',
    { rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] },
    ['rules[0].verbs: Required value: verbs must contain at least one value'],
  ],
  ['service without ports', 'Service', '', {}, ['spec.ports: Required value']],
]

describe('what is wrong is said in Kubernetes words', () => {
  for (const [title, kind, group, object, want] of refused) {
    test(title, () => assert.deepEqual(create(typeOf(kind, group), object).errors, want))
  }
  test('a value of the wrong type is a bad request', () => {
    assert.throws(() => create(typeOf('ConfigMap'), { data: { a: 1 } }), {
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    })
  })
})

describe('what may not change', () => {
  test('the selector of a deployment', () => {
    const type = typeOf('Deployment', 'apps')
    const spec = { selector: { matchLabels: { app: 'b' } }, template }
    const { object } = create(type, { spec })
    assert.deepEqual(update(type, object, { spec: { ...spec, replicas: 2 } }), [])
    const selector = { matchLabels: { app: 'b', x: 'y' } }
    const labels = { app: 'b', x: 'y' }
    const changed = { spec: { selector, template: { ...template, metadata: { labels } } } }
    assert.deepEqual(update(type, object, changed), [
      'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"b", "x":"y"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
    ])
  })
  test('the roleRef of a binding', () => {
    const type = typeOf('ClusterRoleBinding', 'rbac.authorization.k8s.io')
    const { object, errors } = create(type, {
      roleRef: { kind: 'ClusterRole', name: 'a' },
      subjects: [{ kind: 'User', name: 'u' }],
    })
    assert.deepEqual(errors, [])
    assert.deepEqual(update(type, object, { roleRef: { kind: 'ClusterRole', name: 'b' } }), [
      'roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"ClusterRole", Name:"b"}: cannot change roleRef',
    ])
  })
  test('an immutable config map', () => {
    const type = typeOf('ConfigMap')
    const { object } = create(type, { immutable: true, data: { a: 'b' } })
    assert.deepEqual(update(type, object, { data: { a: 'c' } }), [
      'data: Forbidden: field is immutable when `immutable` is set',
    ])
  })
  test('the image of a pod may, its volumes not', () => {
    const type = typeOf('Pod')
    const { object } = create(type, { spec: { containers: [{ name: 'c', image: 'i' }] } })
    const spec = object.spec as JsonObject
    assert.deepEqual(
      update(type, object, { spec: { ...spec, containers: [{ name: 'c', image: 'j:1', imagePullPolicy: 'Always' }] } }),
      [],
    )
    assert.equal(update(type, object, { spec: { ...spec, volumes: [{ name: 'v' }] } }).length, 1)
  })
})

test('committed tables stay small', () => {
  const names = ['compute-schemas', 'kcp-schemas', 'kubernetes-components', 'kubernetes-resources', 'system-crds']
  const bytes = names.map(name => readFileSync(new URL(`generated/${name}.json`, import.meta.url)).length)
  assert.ok(bytes.reduce((sum, size) => sum + size, 0) < 1_500_000)
})
