// APIExports: which claims may go without an identity. APIExportEndpointSlices: who may ask for the endpoints of an export.
import type { KubeObject } from '../../api/objects.ts'
import type { AdmissionRequest } from '../registry/resource.ts'
import { apiExportsResource } from './api-binding.ts'
import { type AdmissionDeps, invalidText, isResource, isSystem, type Plugin, refuse } from './plugin.ts'

interface Claim {
  group?: string
  resource: string
  identityHash?: string
}

const builtIn: Readonly<Record<string, readonly string[]>> = {
  '': ['namespaces', 'configmaps', 'events', 'limitranges', 'resourcequotas', 'secrets', 'serviceaccounts'],
  'rbac.authorization.k8s.io': ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'],
  'certificates.k8s.io': ['certificatesigningrequests'],
  'coordination.k8s.io': ['leases'],
  'admissionregistration.k8s.io': ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  'events.k8s.io': ['events'],
}

function isBuiltIn({ group = '', resource }: Claim): boolean {
  return group === 'apis.kcp.io' || (Object.hasOwn(builtIn, group) && (builtIn[group]?.includes(resource) ?? false))
}

export const apiExportPlugin: Plugin = {
  name: 'apis.kcp.io/APIExport',
  handles: request => isResource('apis.kcp.io', 'apiexports')(request) && request.subresource === '',
  validate(request) {
    if (request.operation === 'DELETE') return
    const { spec } = request.object as KubeObject & { spec?: { permissionClaims?: Claim[] } }
    spec?.permissionClaims?.forEach((claim, index) => {
      if (claim.identityHash || isBuiltIn(claim)) return
      const field = `spec.permissionClaims[${index}].identityHash`
      throw refuse(request, invalidText(field, '', 'identityHash is required for API types that are not built-in'))
    })
  },
}

interface EndpointSlice extends KubeObject {
  spec?: { export?: { path?: string; name?: string } }
}

export function endpointSlicePlugin(deps: AdmissionDeps): Plugin {
  return {
    name: 'apis.kcp.io/APIExportEndpointSlice',
    handles: isResource('apis.kcp.io', 'apiexportendpointslices'),
    async validate(request: AdmissionRequest) {
      const { user, cluster: here } = request.context
      if (request.operation !== 'CREATE' || isSystem(user)) return
      const { path = '', name = '' } = (request.object as EndpointSlice).spec?.export ?? {}
      const cluster = path ? deps.index.resolve(path) : here
      const exists = cluster !== undefined && (await deps.read(cluster, apiExportsResource, name)) !== undefined
      const question = { user, verb: 'bind', group: 'apis.kcp.io', resource: 'apiexports', name }
      if (exists && (await deps.isAllowed({ ...question, cluster }))) return
      const text = `unable to create APIExportEndpointSlice: no permission to bind to export ${path || here}:${name}`
      throw refuse(request, text)
    },
  }
}
