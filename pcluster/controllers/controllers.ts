// Starts every controller of the simulated cluster from one list.

import type { TokenIssuer } from '../../kcp/auth/tokens/token-issuer.ts'
import type { LoopDeps } from '../../kcp/controllers/loop.ts'
import type { ClusterCache } from './cluster-cache.ts'
import { startDeploymentController } from './deployment/controller.ts'
import { startEndpointsController } from './endpoints/controller.ts'
import { startReplicaSetController } from './replica-set/controller.ts'
import { startScheduler } from './scheduler/controller.ts'

export interface ClusterControllersOptions {
  tokenIssuer: TokenIssuer
  /** PEM for kube-root-ca.crt and token Secrets. */
  authority: string
  now: () => Date
  randomBytes: (size: number) => Uint8Array
}

export function startClusterControllers(
  deps: LoopDeps,
  cache: ClusterCache,
  _options: ClusterControllersOptions,
): void {
  startDeploymentController(deps, cache)
  startReplicaSetController(deps, cache)
  startEndpointsController(deps, cache)
  startScheduler(deps, cache)
}
