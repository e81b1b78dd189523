// Requests that are right, of every kind of write and read, and how each of them is made almost right.
import { bytesOf, chance, mutateJson, mutatePath, pick, type Random, word } from './mutate.ts'

export interface FuzzRequest {
  readonly method: string
  /** With query, below the server. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

interface Seed {
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

const seeds: readonly Seed[] = [
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

const parameters: Readonly<Record<string, readonly string[]>> = {
  limit: ['1', '-1', '0', 'x', '1e3', '99999999999999999999'],
  continue: ['x', 'e30', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi8uLi94In0'],
  resourceVersion: ['0', '1', 'x', '-1', '1.0'],
  resourceVersionMatch: ['Exact', 'NotOlderThan', 'x'],
  labelSelector: ['a=b', 'a in (b', '!a', 'a>1', ',', 'x'.repeat(300), '%00', 'a=b,a!=b,c notin (d,e)'],
  fieldSelector: ['metadata.name=x', 'metadata.namespace!=x', 'spec.x=1', '=', 'metadata.name', 'a=b=c', '%2C'],
  dryRun: ['All', 'x', ''],
  fieldValidation: ['Strict', 'Warn', 'Ignore', 'x'],
  fieldManager: ['m', '', 'x'.repeat(200), '%00', '%0A'],
  force: ['true', 'x'],
  propagationPolicy: ['Orphan', 'Foreground', 'Background', 'x'],
  gracePeriodSeconds: ['0', '-1', 'x', '1e21'],
  orphanDependents: ['true', 'x'],
  pretty: ['true', 'x'],
  includeObject: ['None', 'Object', 'x'],
  timeout: ['1s', 'x', '-1s'],
  ['__proto__']: ['x'],
  '%E0%A4%A': ['%E0%A4%A'],
}

const accepts: readonly string[] = [
  '*/*',
  'application/yaml',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf,application/json',
  'application/json;as=x',
  'text/html',
  ';;;',
  ',',
]

const bodyTypes: readonly string[] = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/x-www-form-urlencoded',
  'application/json; charset=latin1',
  '',
  'x',
]

const patchTypes: readonly string[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]

const pointers: readonly string[] = ['', '/', '/data', '/data/k', '/metadata/labels/a', '/metadata/name', '/spec/x/-']
const operations: readonly string[] = ['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']

/** What one seed of the random generator sends next. `base`: path of the workspace. */
export function nextRequest(random: Random, base: string): FuzzRequest {
  const seed = pick(random, seeds)
  const { path, method } = targetOf(random, seed)
  const wrongPath = chance(random, 0.15) ? mutatePath(random, path) : path
  const { headers, text } = contentOf(random, method, seed)
  const accept = chance(random, 0.3) ? { accept: pick(random, accepts) } : {}
  return {
    method,
    path: `${base}${wrongPath}${queryOf(random, headers)}`,
    headers: { ...headers, ...accept },
    ...(text === undefined ? {} : { body: bytesOf(random, text) }),
  }
}

function targetOf(random: Random, { collection, name }: Seed): { path: string; method: string } {
  const isCollection = name === '' || chance(random, 0.35)
  const method = isCollection
    ? pick(random, ['POST', 'POST', 'POST', 'GET', 'GET', 'DELETE'])
    : pick(random, ['GET', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'DELETE', 'POST', 'OPTIONS', 'TRACE'])
  // The namespace of all others stays, so that there is something to hit.
  const isWiping = method === 'DELETE' && isCollection
  const subresource = chance(random, 0.1)
    ? `/${pick(random, ['status', 'scale', 'token', 'approval', 'finalize'])}`
    : ''
  return {
    method: isWiping && chance(random, 0.7) ? 'GET' : method,
    path: isCollection ? collection : `${collection}/${name}${subresource}`,
  }
}

interface Content {
  readonly headers: Record<string, string>
  readonly text: string | undefined
}

function contentOf(random: Random, method: string, { object }: Seed): Content {
  if (method === 'GET' || method === 'OPTIONS' || method === 'TRACE') return { headers: {}, text: undefined }
  if (method === 'DELETE') {
    const options = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions: { uid: 'x' },
      propagationPolicy: 'Orphan',
    }
    if (chance(random, 0.5)) return { headers: {}, text: undefined }
    return { headers: { 'content-type': 'application/json' }, text: mutateJson(random, options) }
  }
  if (method === 'PATCH') return patchOf(random, object)
  const type = chance(random, 0.1) ? pick(random, bodyTypes) : 'application/json'
  return { headers: { 'content-type': type }, text: bodyText(random, object) }
}

const bodyText = (random: Random, object: unknown): string =>
  chance(random, 0.2) ? JSON.stringify(object) : mutateJson(random, object)

function patchOf(random: Random, object: Seed['object']): Content {
  const type = chance(random, 0.05) ? pick(random, bodyTypes) : pick(random, patchTypes)
  const headers = { 'content-type': type }
  if (type !== 'application/json-patch+json') return { headers, text: patchText(random, object) }
  const count = Math.floor(random() * 4)
  const list = Array.from({ length: count }, () => ({
    op: pick(random, operations),
    path: chance(random, 0.8) ? pick(random, pointers) : `/${word(random)}`,
    from: pick(random, pointers),
    value: 'v',
  }))
  return { headers, text: mutateJson(random, list) }
}

/** Aliases that would grow to millions of nodes. */
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
  .split('')
  .map((letter, index) => `${letter}: &${letter} [${`*${'abcdefghij'[index]},`.repeat(9).slice(0, -1)}]`)
  .join('\n')}\n`

function patchText(random: Random, object: Seed['object']): string {
  if (chance(random, 0.03)) return bomb
  const { apiVersion, kind, metadata: _, ...rest } = object
  return bodyText(random, chance(random, 0.5) ? { apiVersion, kind, ...rest } : rest)
}

function queryOf(random: Random, headers: Record<string, string>): string {
  const isApply = headers['content-type'] === 'application/apply-patch+yaml'
  const parts = isApply && chance(random, 0.9) ? ['fieldManager=fuzz'] : []
  while (chance(random, 0.3)) {
    const name = pick(random, Object.keys(parameters))
    parts.push(`${name}=${encodeURI(pick(random, parameters[name] ?? ['']))}`)
  }
  if (chance(random, 0.02)) parts.push('watch=true', 'timeoutSeconds=1')
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}
