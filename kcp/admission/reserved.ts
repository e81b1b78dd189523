// Groups, annotations and metadata of kcp itself that CRDs of users may not use; defaults of Shards.
import type { KubeObject } from '../../api/objects.ts'
import { isResource, isSystem, type Plugin, refuse } from './plugin.ts'

const isCrd = isResource('apiextensions.k8s.io', 'customresourcedefinitions')

export const reservedCrdPlugin: Plugin = {
  name: 'kcp.io/ReservedCRDGroups',
  handles: request => isCrd(request) && request.operation !== 'DELETE' && request.subresource === '',
  validate(request) {
    if (isSystem(request.context.user)) return
    const { metadata, spec } = request.object as KubeObject & { spec?: { group?: string } }
    const group = spec?.group ?? ''
    if (group === 'apis.kcp.io' || group.endsWith('.apis.kcp.io')) throw refuse(request, `${group} is a reserved group`)
    for (const key of Object.keys(metadata.annotations ?? {})) {
      const [domain = ''] = key.split('/')
      if (key.includes('/') && (domain === 'apis.kcp.io' || domain.endsWith('.apis.kcp.io'))) {
        throw refuse(request, `${key} is a reserved annotation`)
      }
    }
  },
}

interface Shard extends KubeObject {
  spec?: { baseURL?: string; externalURL?: string; virtualWorkspaceURL?: string }
}

export const shardPlugin: Plugin = {
  name: 'tenancy.kcp.io/Shard',
  handles: request => isResource('core.kcp.io', 'shards')(request) && request.operation !== 'DELETE',
  mutate({ object }) {
    const { spec } = object as Shard
    if (!spec?.baseURL) return
    spec.externalURL ||= spec.baseURL
    spec.virtualWorkspaceURL ||= spec.baseURL
  },
}
