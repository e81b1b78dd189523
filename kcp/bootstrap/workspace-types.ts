// The WorkspaceTypes of the root workspace.
import { batteryAnnotation, createOnlyAnnotation } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'

const rootType = (name: string) => ({ name, path: 'root' })
const extendsUniversal = { extend: { with: [rootType('universal')] } }
const defaultExports = [
  'tenancy.kcp.io',
  'scheduling.kcp.io',
  'workload.kcp.io',
  'apiresource.kcp.io',
  'topology.kcp.io',
]

function workspaceType(name: string, spec: Record<string, unknown>, annotations?: Record<string, string>): KubeObject {
  return {
    apiVersion: 'tenancy.kcp.io/v1alpha1',
    kind: 'WorkspaceType',
    metadata: { name, ...(annotations ? { annotations } : {}) },
    spec: { defaultChildWorkspaceType: rootType('universal'), ...spec },
  }
}

/** `workspaceTypes`: the battery of that name, which adds organization and team. */
export function rootWorkspaceTypes(options: { workspaceTypes: boolean }): KubeObject[] {
  const battery = { [batteryAnnotation]: 'workspace-types' }
  const batteryTypes = [
    workspaceType(
      'organization',
      {
        ...extendsUniversal,
        limitAllowedChildren: { types: [rootType('universal')] },
        limitAllowedParents: { types: [rootType('root')] },
      },
      battery,
    ),
    workspaceType(
      'team',
      { ...extendsUniversal, limitAllowedParents: { types: [rootType('organization'), rootType('team')] } },
      battery,
    ),
  ]
  const child = options.workspaceTypes ? { defaultChildWorkspaceType: rootType('organization') } : {}
  const defaultAPIBindings = defaultExports.map(name => ({ path: 'root', export: name }))
  return [
    workspaceType('universal', { initializer: true, defaultAPIBindings }),
    workspaceType('home', { ...extendsUniversal, limitAllowedParents: { none: true } }),
    workspaceType(
      'root',
      { ...extendsUniversal, limitAllowedParents: { none: true }, ...child },
      { [createOnlyAnnotation]: 'true' },
    ),
    ...(options.workspaceTypes ? batteryTypes : []),
  ]
}
