// LogicalClusters: made and ended by the system, their phase only goes forward, and initializers are taken away by those
// who may initialize workspaces of that type.

import { equalJson } from '../../api/json.ts'
import {
  logicalClusterFinalizer,
  ownerAnnotation,
  pathAnnotation,
  requiredGroupsAnnotation,
  workspaceTypeAnnotation,
} from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { AdmissionRequest } from '../registry/resource.ts'
import { type AdmissionDeps, isResource, isSystem, type Plugin, refuse } from './plugin.ts'
import { keepFinalizer, protectAnnotations } from './protected-metadata.ts'

interface LogicalCluster extends KubeObject {
  spec?: { directlyDeletable?: boolean; initializers?: string[] }
  status?: { phase?: string; initializers?: string[] }
}

const phases = ['Scheduling', 'Initializing', 'Ready']
const adminGroup = 'system:kcp:logical-cluster-admin'
const systemAnnotations = [pathAnnotation, workspaceTypeAnnotation, ownerAnnotation, requiredGroupsAnnotation]

export function logicalClusterPlugin({ isAllowed }: Pick<AdmissionDeps, 'isAllowed'>): Plugin {
  return {
    name: 'core.kcp.io/LogicalCluster',
    handles: isResource('core.kcp.io', 'logicalclusters'),
    mutate(request) {
      const object = request.object as LogicalCluster | undefined
      const old = request.old as LogicalCluster | undefined
      if (object === undefined || request.operation === 'DELETE') return
      if (request.operation === 'CREATE') {
        object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), logicalClusterFinalizer])]
        return
      }
      if (!isSystem(request.context.user)) {
        keepFinalizer(request, logicalClusterFinalizer)
        protectAnnotations(request, systemAnnotations)
      }
      const starts = (old?.status?.phase ?? 'Scheduling') === 'Scheduling' && object.status?.phase === 'Initializing'
      if (starts && object.status) object.status.initializers = [...(object.spec?.initializers ?? [])]
    },
    async validate(request) {
      const isPrivileged = isSystem(request.context.user) || request.context.user.groups.includes(adminGroup)
      if (request.operation === 'CREATE' && !isPrivileged) throw refuse(request, 'LogicalCluster cannot be created')
      if (request.operation === 'DELETE') {
        const old = request.old as LogicalCluster | undefined
        if (!isPrivileged && !old?.spec?.directlyDeletable) throw refuse(request, 'LogicalCluster cannot be deleted')
      }
      if (request.operation === 'UPDATE') await checkUpdate(request, isAllowed)
    },
  }
}

async function checkUpdate(request: AdmissionRequest, isAllowed: AdmissionDeps['isAllowed']): Promise<void> {
  const { user, cluster } = request.context
  const object = request.object as LogicalCluster
  const old = request.old as LogicalCluster
  const from = old.status?.phase ?? 'Scheduling'
  const to = object.status?.phase ?? 'Scheduling'
  if (phases.indexOf(to) < phases.indexOf(from)) {
    throw refuse(request, `cannot transition from ${JSON.stringify(from)} to ${JSON.stringify(to)}`)
  }
  if (isSystem(user)) return
  if (!equalJson(object.spec, old.spec)) throw refuse(request, 'spec can only be changed by system privileged users')
  const before = old.status?.initializers ?? []
  const after = object.status?.initializers ?? []
  if (to === 'Ready' && from !== 'Ready' && after.length > 0) {
    throw refuse(request, 'status.initializers is not empty')
  }
  if (after.some(initializer => !before.includes(initializer)) && from !== 'Scheduling') {
    throw refuse(request, 'status.initializers can only be removed')
  }
  for (const initializer of before.filter(name => !after.includes(name))) {
    const colon = initializer.lastIndexOf(':')
    const question = { user, verb: 'initialize', group: 'tenancy.kcp.io', resource: 'workspacetypes' }
    const place = { cluster: initializer.slice(0, colon), name: initializer.slice(colon + 1) }
    const mayRemove = !initializer.startsWith('system:') && (await isAllowed({ ...question, ...place }))
    if (!mayRemove)
      throw refuse(request, `not allowed to remove initializer ${JSON.stringify(initializer)} of ${cluster}`)
  }
}
