// WorkspaceTypes: reserved names, and references that must say where they lead.
import type { AdmissionRequest } from '../registry/resource.ts'
import { invalidText, isResource, type Plugin, refuse } from './plugin.ts'
import type { TypeLimit, WorkspaceType } from './workspace-type-graph.ts'

export const workspaceTypePlugin: Plugin = {
  name: 'tenancy.kcp.io/WorkspaceType',
  handles: isResource('tenancy.kcp.io', 'workspacetypes'),
  validate(request) {
    if (request.operation === 'DELETE' || request.subresource !== '') return
    const { metadata, spec = {} } = request.object as WorkspaceType & { spec?: WorkspaceType['spec'] }
    const { name } = metadata
    if (name === 'any' || name === 'system')
      throw refuse(request, invalidText('metadata.name', name, 'name is reserved'))
    if (name === 'root' && request.context.cluster !== 'root') {
      throw refuse(request, 'root workspace type can only be created in root cluster')
    }
    if (spec.defaultChildWorkspaceType && !spec.defaultChildWorkspaceType.path) {
      throw refuse(request, '.spec.defaultChildWorkspaceType.path must be set')
    }
    checkPaths(request, 'limitAllowedChildren', spec.limitAllowedChildren)
    checkPaths(request, 'limitAllowedParents', spec.limitAllowedParents)
  },
}

function checkPaths(request: AdmissionRequest, field: string, limit: TypeLimit | undefined): void {
  const index = limit?.types?.findIndex(reference => !reference.path) ?? -1
  if (index >= 0) throw refuse(request, `.spec.${field}.types[${index}].path must be set`)
}
