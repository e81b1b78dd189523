// Admission: the plugins in the order they are asked, first all that change the object, then all that judge it.
// Webhooks would stand last in both, quota after all that judge. Leaves out: schema validation (registry).
import type { Admission, AdmissionRequest } from '../registry/resource.ts'
import { apiBindingPlugin } from './api-binding.ts'
import { apiExportPlugin, endpointSlicePlugin } from './api-export.ts'
import { apiResourceSchemaPlugin } from './api-resource-schema.ts'
import { logicalClusterPlugin } from './logical-cluster.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'
import { pathAnnotationPlugin } from './path-annotation.ts'
import { type ClaimsOf, permissionClaimsPlugin } from './permission-claims.ts'
import type { AdmissionDeps, Plugin } from './plugin.ts'
import { type RbacFacts, rbacEscalationPlugin } from './rbac-escalation.ts'
import { reservedCrdPlugin, shardPlugin } from './reserved.ts'
import { workspacePlugin } from './workspace.ts'
import { workspaceTypePlugin } from './workspace-type.ts'

export interface KcpAdmissionDeps extends AdmissionDeps {
  readonly claimsOf: ClaimsOf
  readonly rbac: RbacFacts
}

export function createAdmission(deps: KcpAdmissionDeps): Admission {
  return admissionOf([
    namespaceLifecycle(deps),
    rbacEscalationPlugin(deps, deps.rbac),
    workspacePlugin(deps),
    workspaceTypePlugin,
    shardPlugin,
    apiResourceSchemaPlugin,
    logicalClusterPlugin(deps),
    apiExportPlugin,
    apiBindingPlugin(deps),
    endpointSlicePlugin(deps),
    reservedCrdPlugin,
    permissionClaimsPlugin(deps.claimsOf),
    pathAnnotationPlugin(deps),
  ])
}

export function admissionOf(plugins: readonly Plugin[]): Admission {
  const changing = plugins.filter(plugin => plugin.mutate)
  const judging = plugins.filter(plugin => plugin.validate)
  return {
    async mutate(request: AdmissionRequest) {
      for (const plugin of changing) if (plugin.handles(request)) await plugin.mutate?.(request)
    },
    async validate(request: AdmissionRequest) {
      for (const plugin of judging) if (plugin.handles(request)) await plugin.validate?.(request)
    },
  }
}
