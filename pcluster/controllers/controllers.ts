// Starts every controller of the simulated cluster from one list: those of workloads, and those it shares with kcp.
import type { TokenIssuer } from '../../kcp/auth/tokens/token-issuer.ts'
import type { Issuer } from '../../kcp/bootstrap/issue-certificate.ts'
import { startClusterRoleAggregationController } from '../../kcp/controllers/cluster-role-aggregation/controller.ts'
import { startCustomResourceDefinitionController } from '../../kcp/controllers/custom-resource-definition/controller.ts'
import { eventLifetimeMs, startEventExpiryController } from '../../kcp/controllers/event-expiry/controller.ts'
import { startGarbageCollectionController } from '../../kcp/controllers/garbage-collection/controller.ts'
import type { LoopDeps } from '../../kcp/controllers/loop.ts'
import { startNamespaceDeletionController } from '../../kcp/controllers/namespace-deletion/controller.ts'
import { startServiceAccountController } from '../../kcp/controllers/service-account/controller.ts'
import type { Store } from '../../kcp/storage/store.ts'
import type { WorkspaceCatalog } from '../../kcp/workspaces/catalog.ts'
import type { ClusterCache } from '../cluster-cache.ts'
import { startCertificateSigningController } from './certificate-signing/controller.ts'
import { startDeploymentController } from './deployment/controller.ts'
import { startEndpointsController } from './endpoints/controller.ts'
import { startReplicaSetController } from './replica-set/controller.ts'
import { startScheduler } from './scheduler/controller.ts'

export interface ClusterControllersOptions {
  tokenIssuer: TokenIssuer
  /** PEM for kube-root-ca.crt and token Secrets. */
  certificateAuthority: string
  /** Signs for clients whose requests are approved. */
  issuer: Issuer
  now: () => Date
  catalog: WorkspaceCatalog
  store: Store
}

export function startClusterControllers(deps: LoopDeps, cache: ClusterCache, options: ClusterControllersOptions): void {
  const { tokenIssuer, certificateAuthority, issuer, now, catalog, store } = options
  const typesOf = (cluster: string) => catalog.apisOf(cluster).types
  startServiceAccountController({
    ...deps,
    everywhere: deps.client,
    certificateAuthority,
    issueToken: tokenIssuer.issueLegacyToken,
    generatesSecrets: false,
  })
  startNamespaceDeletionController({ ...deps, now, resourcesOf: typesOf })
  startCustomResourceDefinitionController({ ...deps, now, typesOfGroup: catalog.typesOfGroup })
  startGarbageCollectionController({ ...deps, store, typesOf })
  startClusterRoleAggregationController(deps)
  startCertificateSigningController(deps, issuer, now)
  startEventExpiryController({ ...deps, lifetimeMs: eventLifetimeMs })
  startDeploymentController(deps, cache)
  startReplicaSetController(deps, cache)
  startEndpointsController(deps, cache)
  startScheduler(deps, cache)
  deps.informers.start(deps.signal)
}
