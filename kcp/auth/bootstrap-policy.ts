// The RBAC objects every server starts with: Kubernetes' default policy, and what kcp adds to it in system:admin.
// Leaves out: writing them (bootstrap).
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import policy from './generated/bootstrap-policy.json' with { type: 'json' }

const apiGroup = 'rbac.authorization.k8s.io'
const apiVersion = `${apiGroup}/v1`

interface PolicyMetadata {
  readonly name: string
  readonly kcp: boolean
  readonly labels?: Readonly<Record<string, string>>
  readonly namespace?: string
}

/** In the order they should be written. With `kcp` also kcp's own roles; namespaces kube-system and kube-public must exist. */
export function bootstrapPolicyObjects(options: { kcp: boolean }): KubeObject[] {
  const wanted = (entry: PolicyMetadata): boolean => options.kcp || !entry.kcp
  const roles = (policy.clusterRoles as (PolicyMetadata & JsonObject)[]).filter(wanted).map(
    ({ name, kcp, labels, ...content }): KubeObject => ({
      apiVersion,
      kind: 'ClusterRole',
      metadata: metadataOf({ name, kcp, ...(labels ? { labels } : {}) }),
      ...content,
    }),
  )
  const bindings = policy.clusterRoleBindings.filter(wanted).map(
    ({ name, kcp, role, subjects }): KubeObject => ({
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: metadataOf({ name, kcp }),
      roleRef: { apiGroup, kind: 'ClusterRole', name: role },
      ...(subjects.length > 0 ? { subjects } : {}),
    }),
  )
  return [...roles, ...bindings, ...namespacedRoles.flatMap(namespacedObjects)]
}

function metadataOf({ name, kcp, labels, namespace }: PolicyMetadata): KubeObject['metadata'] {
  const scope = namespace === undefined ? {} : { namespace }
  if (kcp) return { name, ...scope, ...(labels ? { labels: { ...labels } } : {}) }
  return {
    name,
    ...scope,
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  }
}

interface NamespacedRole {
  readonly namespace: string
  readonly role: string
  readonly binding: string
  readonly rules: readonly JsonObject[]
  readonly subjects: readonly { readonly kind: string; readonly name: string }[]
}

function namespacedObjects({ namespace, role, binding, rules, subjects }: NamespacedRole): KubeObject[] {
  const subjectsWithOrigin = subjects.map(({ kind, name }) =>
    kind === 'ServiceAccount' ? { kind, name, namespace: 'kube-system' } : { apiGroup, kind, name },
  )
  return [
    { apiVersion, kind: 'Role', metadata: metadataOf({ name: role, kcp: false, namespace }), rules },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: metadataOf({ name: binding, kcp: false, namespace }),
      roleRef: { apiGroup, kind: 'Role', name: role },
      subjects: subjectsWithOrigin,
    },
  ]
}

function rule(resources: string[], verbs: string[], options: { names?: string[]; group?: string } = {}): JsonObject {
  const named = options.names ? { resourceNames: options.names } : {}
  return { apiGroups: [options.group ?? ''], ...named, resources, verbs }
}

function controllerRole(namespace: string, account: string, rules: readonly JsonObject[]): NamespacedRole {
  const name = `system:controller:${account}`
  return { namespace, role: name, binding: name, rules, subjects: [{ kind: 'ServiceAccount', name: account }] }
}

function leaderLock(component: string): NamespacedRole {
  return {
    namespace: 'kube-system',
    role: `system::leader-locking-${component}`,
    binding: `system::leader-locking-${component}`,
    rules: [rule(['configmaps'], ['watch']), rule(['configmaps'], ['get', 'update'], { names: [component] })],
    subjects: [
      { kind: 'User', name: `system:${component}` },
      { kind: 'ServiceAccount', name: component },
    ],
  }
}

const namespacedRoles: readonly NamespacedRole[] = [
  controllerRole('kube-public', 'bootstrap-signer', [
    rule(['configmaps'], ['get', 'list', 'watch']),
    rule(['configmaps'], ['update'], { names: ['cluster-info'] }),
    rule(['events'], ['create', 'patch', 'update']),
  ]),
  {
    namespace: 'kube-system',
    role: 'extension-apiserver-authentication-reader',
    binding: 'system::extension-apiserver-authentication-reader',
    rules: [rule(['configmaps'], ['get', 'list', 'watch'], { names: ['extension-apiserver-authentication'] })],
    subjects: [
      { kind: 'User', name: 'system:kube-controller-manager' },
      { kind: 'User', name: 'system:kube-scheduler' },
    ],
  },
  leaderLock('kube-controller-manager'),
  leaderLock('kube-scheduler'),
  controllerRole('kube-system', 'bootstrap-signer', [rule(['secrets'], ['get', 'list', 'watch'])]),
  controllerRole('kube-system', 'cloud-provider', [
    rule(['configmaps'], ['create', 'get', 'list', 'patch', 'update', 'watch']),
  ]),
  controllerRole('kube-system', 'token-cleaner', [
    rule(['secrets'], ['delete', 'get', 'list', 'watch']),
    rule(['events'], ['create', 'patch', 'update']),
  ]),
]
