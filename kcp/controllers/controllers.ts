// Starts the controllers of workspaces and APIs from one list. Leaves out: scheduling (scheduling.ts).
import { customKeyPrefix } from '../apis/custom-type.ts'
import type { Store } from '../storage/store.ts'
import type { WorkspaceCatalog } from '../workspaces/catalog.ts'
import type { ClusterIndex } from '../workspaces/cluster-index.ts'
import { startApiBinderController } from './api-binder/controller.ts'
import { startApiBindingController } from './api-binding/controller.ts'
import { startApiExportController } from './api-export/controller.ts'
import type { BindingEvents } from './binding-events.ts'
import { startBoundCrdCleanupController } from './bound-crd-cleanup/controller.ts'
import { startClusterRoleAggregationController } from './cluster-role-aggregation/controller.ts'
import { startCustomResourceDefinitionController } from './custom-resource-definition/controller.ts'
import { startEndpointSliceController } from './endpoint-slice/controller.ts'
import { eventLifetimeMs, startEventExpiryController } from './event-expiry/controller.ts'
import { startExtraAnnotationController } from './extra-annotation-sync/controller.ts'
import { startGarbageCollectionController } from './garbage-collection/controller.ts'
import { startLogicalClusterController } from './logical-cluster/controller.ts'
import { startLogicalClusterDeletionController } from './logical-cluster-deletion/controller.ts'
import type { Loop, LoopDeps } from './loop.ts'
import { startNamespaceDeletionController } from './namespace-deletion/controller.ts'
import type { OwnWrites } from './own-writes.ts'
import { startPermissionClaimLabelController } from './permission-claim-label/controller.ts'
import { withIdentity, workspaceTypes } from './resources.ts'
import { type ServiceAccountDeps, startServiceAccountController } from './service-account/controller.ts'
import { createFindType } from './type-lookup.ts'
import { startWorkspaceController } from './workspace/controller.ts'
import { createBirth } from './workspace/give-birth.ts'
import { startWorkspaceTypeController } from './workspace-type/controller.ts'

export interface ControllersDeps extends LoopDeps {
  readonly now: () => Date
  readonly randomBytes: (size: number) => Uint8Array
  readonly store: Store
  readonly catalog: WorkspaceCatalog
  readonly index: ClusterIndex
  readonly bindings: BindingEvents
  /** Where clients reach this server, without a slash at the end. */
  readonly externalUrl: string
  readonly virtualWorkspaceBases: () => readonly string[]
  /** Absent: every step of a new workspace is a write of its own. */
  readonly births?: { readonly writes: OwnWrites; readonly newUid: () => string }
  /** Reading the whole store waits for this; absent: for everything else that is listed. */
  readonly sweepAfter?: Promise<unknown>
  /** Absent: no ServiceAccounts are made and none gets a token. */
  readonly serviceAccounts?: Pick<ServiceAccountDeps, 'certificateAuthority' | 'issueToken'>
}

/** APIExports and APIBindings: enough for bootstrap to bring up kcp's own APIs. */
export function startApiControllers(deps: ControllersDeps): Loop[] {
  const { catalog, index } = deps
  const loops = [
    startApiExportController(deps),
    startApiBindingController({ ...deps, apisOf: catalog.apisOf, resolve: index.resolve }),
  ]
  deps.informers.start(deps.signal)
  return loops
}

/** All others, once the identities of kcp's own APIs are known. */
export async function startControllers(
  deps: ControllersDeps,
  identities: Readonly<Record<string, string>>,
): Promise<Loop[]> {
  const { informers, index, catalog, serviceAccounts } = deps
  const resourcesOf = (cluster: string) => catalog.apisOf(cluster).types
  const everywhere = deps.client.cluster('*')
  const tenancy = identities['tenancy.kcp.io'] ?? ''
  await index.followWorkspaces(customKeyPrefix('tenancy.kcp.io', 'workspaces', tenancy))
  const findType = createFindType(informers.objectsOf(withIdentity(workspaceTypes, tenancy)), index)
  const all = { ...deps, identities, findType, resolve: index.resolve, canonicalPath: index.canonicalPath }
  const known = Promise.withResolvers<void>()
  const birth = deps.births && createBirth({ ...all, ...deps.births })
  const loops = [
    startWorkspaceController({ ...all, ...(birth ? { birth } : {}) }),
    startLogicalClusterController(all),
    startApiBinderController(all),
    startWorkspaceTypeController(all),
    startLogicalClusterDeletionController({ ...deps, resourcesOf }),
    startNamespaceDeletionController({ ...deps, resourcesOf }),
    startCustomResourceDefinitionController({ ...deps, typesOfGroup: catalog.typesOfGroup }),
    startGarbageCollectionController({ ...deps, typesOf: resourcesOf, after: deps.sweepAfter ?? known.promise }),
    startExtraAnnotationController({ ...deps, resolve: index.resolve }),
    startPermissionClaimLabelController({ ...deps, apisOf: catalog.apisOf }),
    startEndpointSliceController({ ...deps, resolve: index.resolve }),
    startClusterRoleAggregationController(deps),
    startBoundCrdCleanupController(deps),
    startEventExpiryController({ ...deps, lifetimeMs: eventLifetimeMs }),
    ...(serviceAccounts
      ? startServiceAccountController({ ...deps, ...serviceAccounts, everywhere, generatesSecrets: true })
      : []),
  ]
  informers.start(deps.signal)
  known.resolve(informers.synced())
  return loops
}
