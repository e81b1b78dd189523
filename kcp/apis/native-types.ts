// Kubernetes' own types: the few kcp serves in every logical cluster, and all of those a simulated cluster serves.
// Reviews, tokens, logs and exec are listed here as types; what answers them is handed to the HTTP layer.
import type { ResourceType } from '../registry/resource.ts'
import { type NativeResource, nativeResources } from './generated-tables.ts'
import { nativeType } from './native-type.ts'

/** In the order kcp lists its groups and resources. */
const kcpResources: readonly (readonly [group: string, resources: readonly string[]])[] = [
  ['', ['configmaps', 'events', 'limitranges', 'namespaces', 'resourcequotas', 'secrets', 'serviceaccounts']],
  ['authentication.k8s.io', ['selfsubjectreviews', 'tokenreviews']],
  [
    'authorization.k8s.io',
    ['localsubjectaccessreviews', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'subjectaccessreviews'],
  ],
  ['certificates.k8s.io', ['certificatesigningrequests']],
  ['coordination.k8s.io', ['leases']],
  ['rbac.authorization.k8s.io', ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles']],
  ['admissionregistration.k8s.io', ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']],
  ['events.k8s.io', ['events']],
  ['apiextensions.k8s.io', ['customresourcedefinitions']],
]

let native: readonly ResourceType[] | undefined
let cluster: readonly ResourceType[] | undefined

/** What every logical cluster of kcp serves. */
export function nativeTypes(): readonly ResourceType[] {
  native ??= kcpResources.flatMap(([group, resources]) =>
    resources.map(resource => nativeType(rowOf(group, resource), { hasSingular: false })),
  )
  return native
}

/** What a Kubernetes cluster serves, in the order of its discovery. */
export function clusterTypes(): readonly ResourceType[] {
  cluster ??= nativeResources.map(row => nativeType(row, { hasSingular: true }))
  return cluster
}

function rowOf(group: string, resource: string): NativeResource {
  const row = nativeResources.find(each => each.group === group && each.resource === resource && each.version === 'v1')
  if (row === undefined) throw new Error(`no facts about ${resource}.${group}`)
  return row
}
