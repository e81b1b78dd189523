// Runs the built-in initializers of new workspaces: Namespace `default` and default APIBindings. Keys are logical clusters.
// Leaves out: initializers of other programs, which use the initializingworkspaces virtual workspace.
import { defaultBindingName } from '../../../api/names/derived-names.ts'
import { createOnlyAnnotation, workspaceTypeAnnotation } from '../../../api/names/kcp-keys.ts'
import { formatKey, type KubeObject } from '../../../api/objects.ts'
import { isAlreadyExists, isConflict } from '../../../api/status-error.ts'
import type { FedInformer } from '../../../api-client/cache/informer.ts'
import type { Client } from '../../../api-client/client.ts'
import type { ReconcileResult } from '../../../api-client/controller/controller.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import {
  aliasesOf,
  apiBindingsInitializer,
  defaultBindingsOf,
  type FindType,
} from '../../admission/workspace-type-graph.ts'
import type { ClusterIndex } from '../../workspaces/cluster-index.ts'
import type { ApiBinding } from '../api-binding/api-binding.ts'
import type { ApiExport } from '../api-export/decide.ts'
import type { BindingEvents } from '../binding-events.ts'
import { findReferenced, type ResolveCluster } from '../export-lookup.ts'
import { type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { apiBindings, apiExports, logicalClusters, namespaces, withIdentity, workspaceTypes } from '../resources.ts'
import { readLogicalCluster } from '../workspace/perform.ts'
import type { LogicalCluster } from '../workspace/workspace.ts'
import { type Action, decide, universalInitializer, type WantedBinding } from './decide.ts'
import { defaultBinding } from './wanted-bindings.ts'

export interface ApiBinderDeps extends LoopDeps {
  readonly now: () => Date
  readonly externalUrl: string
  readonly findType: FindType
  readonly bindings: BindingEvents
  readonly resolve: ResolveCluster
  readonly index: Pick<ClusterIndex, 'clustersIn' | 'logicalCluster'>
  readonly identities: Readonly<Record<string, string>>
}

const lateMs = 1000

export function startApiBinderController(deps: ApiBinderDeps): Loop {
  const { client, informers, index } = deps
  const exports = informers.objectsOf(apiExports)
  const known = informers.keysOf(namespaces)
  /** When a cluster was first seen waiting for its bindings. */
  const waitingSinceMs = new Map<string, number>()
  const reconcile = async (cluster: string): Promise<ReconcileResult | undefined> => {
    const logicalCluster = await readLogicalCluster(client, cluster)
    if (logicalCluster === undefined || !isBuiltInWork(logicalCluster)) {
      waitingSinceMs.delete(cluster)
      return undefined
    }
    const nowMs = deps.clock.now()
    const isLate = nowMs - (waitingSinceMs.get(cluster) ?? nowMs) >= lateMs
    const observed = {
      logicalCluster,
      url: `${deps.externalUrl}/clusters/${cluster}`,
      ...(await observeBindings(deps, exports, { cluster, logicalCluster })),
      hasNamespace: known.get(formatKey({ cluster, namespace: '', name: 'default' })) !== undefined,
      isLate,
      now: deps.now(),
    }
    let action = decide(observed)
    if (action?.type === 'create') {
      await create(client.cluster(cluster), action)
      action = decide({ ...observed, existing: [...observed.existing, ...action.bindings], hasNamespace: true })
    }
    if (action?.type === 'write-status') {
      await patchRead(client, logicalClusters, {
        object: logicalCluster,
        body: { status: action.status },
        subresource: 'status',
      })
    }
    if (action?.type !== 'tell-later') return undefined
    if (!waitingSinceMs.has(cluster)) waitingSinceMs.set(cluster, nowMs)
    return { requeueAfterMs: lateMs }
  }
  const loop = startLoop(deps, {
    name: 'kcp-apibinder-initializer',
    workers: 32,
    reconcile: async cluster => {
      try {
        return await reconcile(cluster)
      } catch (error) {
        if (!isConflict(error)) throw error
        loop.add(cluster)
        return undefined
      }
    },
  })
  informers.keysOf(logicalClusters).onChange((key, _after, _before, object) => {
    if (object && isBuiltInWork(object as LogicalCluster)) loop.add(key.cluster)
  })
  deps.bindings.onChange(key => {
    if (index.logicalCluster(key.cluster)?.phase === 'Initializing') loop.add(key.cluster)
  })
  const wakeInitializing = () => {
    for (const cluster of index.clustersIn('Initializing')) loop.add(cluster)
  }
  exports.onChange(wakeInitializing)
  informers.objectsOf(withIdentity(workspaceTypes, deps.identities['tenancy.kcp.io'] ?? '')).onChange(wakeInitializing)
  return loop
}

function isBuiltInWork({ metadata, status }: LogicalCluster): boolean {
  if (metadata.deletionTimestamp || status?.phase !== 'Initializing') return false
  const builtIn = [universalInitializer, apiBindingsInitializer]
  return status.initializers?.some(initializer => builtIn.includes(initializer)) ?? false
}

interface Place {
  readonly cluster: string
  readonly logicalCluster: LogicalCluster
}

async function observeBindings(
  deps: ApiBinderDeps,
  exports: FedInformer<KubeObject>,
  { cluster, logicalCluster }: Place,
) {
  if (!logicalCluster.status?.initializers?.includes(apiBindingsInitializer)) return { wanted: [], existing: [] }
  const { items } = await listAll<ApiBinding>(deps.client.cluster(cluster), apiBindings)
  const annotation = logicalCluster.metadata.annotations?.[workspaceTypeAnnotation] ?? ''
  const colon = annotation.lastIndexOf(':')
  const type = await deps.findType({ path: annotation.slice(0, colon), name: annotation.slice(colon + 1) }, '')
  if (type === undefined) throw new Error(`workspace type ${annotation} not found`)
  const wanted = defaultBindingsOf(await aliasesOf(deps.findType, type)).map(({ path, exportName }): WantedBinding => {
    const name = defaultBindingName({ cluster, path, exportName })
    const { object } = findReferenced(exports, deps.resolve, { path, name: exportName, from: cluster })
    return { name, binding: object && defaultBinding(name, path, object as ApiExport) }
  })
  return { wanted, existing: items }
}

async function create(client: Client, action: Extract<Action, { type: 'create' }>): Promise<void> {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default', annotations: { [createOnlyAnnotation]: 'true' } },
  }
  const creations = action.bindings.map(binding => client.create<KubeObject>(apiBindings, binding))
  if (action.namespace) creations.push(client.create<KubeObject>(namespaces, namespace))
  const settled = await Promise.allSettled(creations)
  const failed = settled.find(result => result.status === 'rejected' && !isAlreadyExists(result.reason))
  if (failed?.status === 'rejected') throw failed.reason
}
