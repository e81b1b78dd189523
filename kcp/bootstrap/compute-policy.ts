// RBAC of root:compute: everybody may bind the export `kubernetes`; its consumers may only read pods.
import { batteryAnnotation, createOnlyAnnotation, replicateAnnotation } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import { clusterRole, groupBinding } from './root-policy.ts'

export const computeBattery = 'root-compute-workspace'

const rule = (group: string, resources: readonly string[], verbs: readonly string[]) => ({
  apiGroups: [group],
  resources,
  verbs,
})
const networking = 'networking.k8s.io'
const read = ['get', 'list', 'watch']

const consumerRules = [
  rule('', ['services'], ['*']),
  rule('apps', ['deployments'], ['*']),
  rule(networking, ['ingresses'], ['*']),
  rule('', ['services/status'], read),
  rule('apps', ['deployments/status'], read),
  rule('apps', ['deployments/scale'], ['get', 'update', 'patch']),
  rule(networking, ['ingresses/status'], read),
  rule('', ['pods', 'pods/status'], read),
  rule('', ['pods/exec', 'pods/attach', 'pods/portforward'], ['create', 'get']),
  rule('', ['pods/binding'], ['create']),
  rule('', ['pods/ephemeralcontainers'], ['get', 'patch', 'update']),
  rule('', ['pods/log'], ['get']),
  rule('', ['pods/proxy'], ['create', 'delete', 'get', 'patch', 'update']),
]

export function computePolicy(): KubeObject[] {
  const bind = 'compute:apiexport:kubernetes:bind'
  const policy = 'compute:apiexport:kubernetes:maximal-permission-policy'
  const policyBinding = 'compute:authenticated:apiexport:kubernetes:maximal-permission-policy'
  const updated = { [batteryAnnotation]: computeBattery, [replicateAnnotation]: 'apis.kcp.io' }
  const kept = { ...updated, [createOnlyAnnotation]: 'true' }
  const bindRule = { ...rule('apis.kcp.io', ['apiexports'], ['bind']), resourceNames: ['kubernetes'] }
  const consumers = ['apis.kcp.io:binding:system:authenticated']
  return [
    clusterRole(bind, [bindRule], kept),
    groupBinding(bind, { name: bind, groups: ['system:authenticated'] }, kept),
    clusterRole(policy, consumerRules, updated),
    groupBinding(policyBinding, { name: policy, groups: consumers }, kept),
  ]
}
