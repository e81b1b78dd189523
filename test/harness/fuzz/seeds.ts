// Objects that are right, one of each kind that is written to.

export interface Seed {
  /** Below the workspace. */
  readonly collection: string
  readonly name: string
  readonly object: Readonly<Record<string, unknown>>
}

const metadata = (name: string) => ({ name, labels: { a: 'b' }, annotations: { c: 'd' }, finalizers: [] as string[] })
const inFuzz = (group: string, resource: string) => `/${group}/namespaces/fuzz/${resource}`
const rbac = '/apis/rbac.authorization.k8s.io/v1'

export const widgetCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.fuzz.io' },
  spec: {
    group: 'fuzz.io',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.n' } },
        additionalPrinterColumns: [{ name: 'N', type: 'integer', jsonPath: '.spec.parts[?(@.name=="a")].n' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer', format: 'int32', minimum: 0 },
                  size: { type: 'number', maximum: 10 },
                  mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
                  name: { type: 'string', pattern: '^(a+)+$', maxLength: 40 },
                  port: { 'x-kubernetes-int-or-string': true },
                  when: { type: 'string', format: 'date-time', nullable: true },
                  extra: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
                  parts: {
                    type: 'array',
                    maxItems: 20,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string' }, n: { type: 'integer' } },
                    },
                  },
                },
                'x-kubernetes-validations': [{ rule: '!has(self.replicas) || self.replicas < 100' }],
              },
              status: { type: 'object', properties: { n: { type: 'integer' } } },
            },
          },
        },
      },
    ],
  },
}

export const seeds: readonly Seed[] = [
  {
    collection: inFuzz('api/v1', 'configmaps'),
    name: 'config',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('config'), data: { k: 'v' }, binaryData: {} },
  },
  {
    collection: inFuzz('api/v1', 'secrets'),
    name: 'secret',
    object: { apiVersion: 'v1', kind: 'Secret', metadata: metadata('secret'), type: 'Opaque', data: { k: 'dg==' } },
  },
  {
    collection: inFuzz('api/v1', 'serviceaccounts'),
    name: 'account',
    object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('account'), secrets: [{ name: 's' }] },
  },
  {
    collection: inFuzz('api/v1', 'events'),
    name: 'event',
    object: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: metadata('event'),
      involvedObject: { kind: 'Pod', name: 'x', namespace: 'fuzz' },
      reason: 'r',
      count: 1,
    },
  },
  {
    collection: inFuzz('api/v1', 'resourcequotas'),
    name: 'quota',
    object: { apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadata('quota'), spec: { hard: { pods: '3' } } },
  },
  {
    collection: inFuzz('apis/coordination.k8s.io/v1', 'leases'),
    name: 'lease',
    object: {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: metadata('lease'),
      spec: { holderIdentity: 'h', leaseDurationSeconds: 15, renewTime: '2026-01-02T03:04:05.000000Z' },
    },
  },
  {
    collection: '/api/v1/namespaces',
    name: 'other',
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: metadata('other'), spec: { finalizers: ['kubernetes'] } },
  },
  {
    collection: inFuzz('apis/rbac.authorization.k8s.io/v1', 'roles'),
    name: 'role',
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: metadata('role'),
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
    },
  },
  {
    collection: `${rbac}/clusterrolebindings`,
    name: 'binding',
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: metadata('binding'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'somebody' }],
    },
  },
  {
    collection: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
    name: 'csr',
    object: {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: metadata('csr'),
      spec: { request: 'eA==', signerName: 'example.io/x', usages: ['client auth'] },
    },
  },
  {
    collection: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    name: '',
    object: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'get', resource: 'configmaps', namespace: 'fuzz' } },
    },
  },
  {
    collection: inFuzz('apis/fuzz.io/v1', 'widgets'),
    name: 'widget',
    object: {
      apiVersion: 'fuzz.io/v1',
      kind: 'Widget',
      metadata: metadata('widget'),
      spec: { replicas: 1, size: 1.5, port: 'http', extra: { a: 1 }, tags: ['a'], parts: [{ name: 'a', n: 1 }] },
    },
  },
  {
    collection: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    name: 'gadgets.fuzz.io',
    object: {
      ...widgetCrd,
      metadata: { name: 'gadgets.fuzz.io' },
      spec: { ...widgetCrd.spec, names: { plural: 'gadgets', kind: 'Gadget' } },
    },
  },
  {
    collection: '/apis/apis.kcp.io/v1alpha1/apiexports',
    name: 'export',
    object: {
      apiVersion: 'apis.kcp.io/v1alpha1',
      kind: 'APIExport',
      metadata: metadata('export'),
      spec: { latestResourceSchemas: ['v1.x.fuzz.io'], permissionClaims: [{ resource: 'configmaps', all: true }] },
    },
  },
  {
    collection: '/apis/scheduling.kcp.io/v1alpha1/placements',
    name: 'placement',
    object: {
      apiVersion: 'scheduling.kcp.io/v1alpha1',
      kind: 'Placement',
      metadata: metadata('placement'),
      spec: {
        locationSelectors: [{ matchLabels: { a: 'b' } }],
        locationResource: { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' },
        namespaceSelector: {},
      },
    },
  },
]
