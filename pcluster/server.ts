// The API server of a simulated cluster: kcp's own request path over Kubernetes' types, for one cluster.
import type { KeyObject } from 'node:crypto'
import { randomUUID } from 'node:crypto'
import type { GroupVersionResource, KubeObject } from '../api/objects.ts'
import { isNotFound } from '../api/status-error.ts'
import type { Client } from '../api-client/client.ts'
import type { Log } from '../api-client/log.ts'
import { createClient } from '../api-client/resources/rest-client.ts'
import { admissionOf } from '../kcp/admission/chain.ts'
import { namespaceLifecycle } from '../kcp/admission/namespace-lifecycle.ts'
import { createNamespaceState } from '../kcp/admission/namespace-state.ts'
import { typesOfCrd } from '../kcp/apis/custom-type.ts'
import { clusterTypes } from '../kcp/apis/native-types.ts'
import { createClientCertificateAuthenticator } from '../kcp/auth/authenticators/client-certificates.ts'
import { createServiceAccountAuthenticator } from '../kcp/auth/authenticators/service-account.ts'
import { createStaticTokenAuthenticator } from '../kcp/auth/authenticators/static-tokens.ts'
import { createAuthenticate } from '../kcp/auth/authenticators/union.ts'
import { createKubernetesAuthorizer } from '../kcp/auth/authorizers/chain.ts'
import { observeWrites } from '../kcp/auth/observed-store.ts'
import { createRbacSource } from '../kcp/auth/rbac-source.ts'
import { createReviews } from '../kcp/auth/reviews/reviews.ts'
import { createStoredAccounts } from '../kcp/auth/stored-accounts.ts'
import { createTokenIssuer, kubernetesTokenIssuer, type TokenIssuer } from '../kcp/auth/tokens/token-issuer.ts'
import { createRequestToken } from '../kcp/auth/tokens/token-request.ts'
import { createApiHandler } from '../kcp/http/api-server.ts'
import { createAuthConnectors } from '../kcp/http/connectors/auth-connectors.ts'
import type { Handler } from '../kcp/http/exchange.ts'
import { createLoopbackTransport } from '../kcp/http/loopback.ts'
import { createRegistry, type Registry } from '../kcp/registry/registry.ts'
import type { Admission } from '../kcp/registry/resource.ts'
import type { Store } from '../kcp/storage/store.ts'
import { createCatalog, type WorkspaceCatalog } from '../kcp/workspaces/catalog.ts'
import { admitPodScheduling } from './admission/pod-scheduling.ts'
import { admitServiceAccount } from './admission/service-account.ts'
import { admitServiceAddress } from './admission/service-address.ts'
import { createPodConnectors } from './connectors.ts'
import { clusterVersion } from './version.ts'
import { type Pod, serviceAccounts } from './workloads.ts'

export interface ClusterServerOptions {
  store: Store
  log: Log
  key: KeyObject
  adminToken: string
  now: () => Date
  random: () => number
  /** Of objects. */
  newUid?: () => string
  isReady: () => boolean
  serverAddress: () => string
  logFile(pod: Pod, container: string): string | undefined
  /** Fires when the cluster stops. */
  signal: AbortSignal
}

export interface ClusterServer {
  readonly handler: Handler
  /** May do everything, without leaving the process. */
  readonly client: Client
  readonly tokenIssuer: TokenIssuer
  readonly catalog: WorkspaceCatalog
  /** The store as every part must write it. */
  readonly store: Store
}

const masters = 'system:masters'
const openPaths = ['/healthz', '/readyz', '/livez']
/** There is one cluster, and it has no name. */
const onlyCluster = ''

export function createClusterServer(options: ClusterServerOptions): ClusterServer {
  const { now, log, key } = options
  const rbac = createRbacSource(options.store)
  const accounts = createStoredAccounts(options.store)
  const store = observeWrites(options.store, key => {
    rbac.written(key)
    accounts.written(key)
  })
  const audiences = [kubernetesTokenIssuer]
  const authenticate = createAuthenticate([
    createStaticTokenAuthenticator([
      { token: options.adminToken, user: { username: 'kubernetes-admin', uid: randomUUID(), groups: [masters] } },
    ]),
    createClientCertificateAuthenticator(),
    createServiceAccountAuthenticator({ key, issuer: kubernetesTokenIssuer, audiences, lookups: accounts, now }),
  ])
  const authorize = createKubernetesAuthorizer(rbac, { cluster: onlyCluster, alwaysAllowPaths: openPaths })
  const scopesOf = () => [{ bindings: onlyCluster, clusterRoles: [onlyCluster] }]
  const reviews = createReviews({ authenticate, authorize, rbac, audiences, scopesOf })
  const tokenIssuer = createTokenIssuer({ key, issuer: kubernetesTokenIssuer, now, newId: randomUUID })
  const requestToken = createRequestToken({ issuer: tokenIssuer, accounts })
  const registry: Registry = createRegistry({
    store,
    admission: clusterAdmission(store, () => client, options.random),
    annotatesCluster: false,
    ...(options.newUid ? { newUid: options.newUid } : {}),
  })
  const pods = createPodConnectors({ registry: () => registry, client: () => client, now, logFile: options.logFile })
  const catalog = createCatalog({
    store,
    nativeTypes: clusterTypes(),
    systemTypes: [],
    typesOfCrd,
    // Nothing is ever bound here: the prefix of a kind that this cluster does not serve.
    bindingsPrefix: '/registry/apis.kcp.io/apibindings/',
    crdsPrefix: '/registry/apiextensions.k8s.io/customresourcedefinitions/',
    signal: options.signal,
    onFailure: error => log.warn({ err: error }, 'reading the CRDs again after a failure'),
  })
  const handler = createApiHandler({
    log,
    authenticate,
    authorize,
    registry,
    catalog,
    now,
    connectors: { ...createAuthConnectors({ reviews, requestToken }), ...pods },
    version: clusterVersion,
    serverAddress: options.serverAddress,
    readiness: [{ name: 'controllers', problem: () => (options.isReady() ? undefined : 'reason withheld') }],
  })
  const client: Client = createClient(
    createLoopbackTransport(handler, { username: 'system:apiserver', groups: [masters] }, 'kube-controller-manager'),
  )
  return { handler, client, tokenIssuer, catalog, store }
}

function clusterAdmission(store: Store, client: () => Client, random: () => number): Admission {
  const get = async (gvr: GroupVersionResource, name: string, namespace?: string): Promise<KubeObject | undefined> => {
    try {
      return await client().get(gvr, namespace === undefined ? { name } : { name, namespace })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
  const suffix = () => random().toString(36).slice(2, 7).padEnd(5, '0')
  return admissionOf([
    namespaceLifecycle({
      index: {
        logicalCluster: () => undefined,
        whenCurrent: async () => undefined,
        resolve: () => undefined,
        canonicalPath: name => name,
      },
      namespaceState: createNamespaceState(store),
    }),
    {
      name: 'ServiceAccount',
      handles: ({ type }) => type.group === '' && type.resource === 'pods',
      mutate: request =>
        admitServiceAccount(request, { get: (namespace, name) => get(serviceAccounts, name, namespace) }, suffix()),
    },
    {
      name: 'PodScheduling',
      handles: ({ type }) => type.group === '' && type.resource === 'pods',
      mutate: async request => admitPodScheduling(request),
    },
    {
      name: 'ServiceAddress',
      handles: ({ type }) => type.group === '' && type.resource === 'services',
      mutate: async request => admitServiceAddress(request, random),
    },
  ])
}
