// `kubectl kcp workload sync NAME`: registers a physical cluster as a SyncTarget and writes the YAML of its syncer.
import { chmodSync, closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { syncerId } from '../../api/names/sync-target.ts'
import { type KubeObject, keyOf } from '../../api/objects.ts'
import { type CommandContext, CommandError, type Connection, currentWorkspace } from '../command.ts'
import { syncTargets } from '../resources.ts'
import { renderSyncerManifest } from '../syncer-manifest.ts'
import { readTemplate } from '../templates.ts'
import { waitFor } from '../wait-for.ts'
import { parseExport } from './bind-compute.ts'
import { ensureSyncerAccess } from './syncer-access.ts'

export interface SyncOptions {
  syncerImage: string
  outputFile: string
  resources: readonly string[]
  apiExports: readonly string[]
  replicas: number
  kcpNamespace: string
  /** Namespace in the physical cluster; '' = the syncer's id. */
  namespace: string
  qps: number
  burst: number
  apiImportPollInterval: string
  downstreamNamespaceCleanDelay: string
  featureGates: string
  labels: Record<string, string>
  /** Where the physical cluster reaches kcp, when that is not the server of the kubeconfig. */
  serverUrl: string
}

export interface SyncTargetObject extends KubeObject {
  spec?: { supportedAPIExports?: { path?: string; export: string }[]; [member: string]: unknown }
  status?: { syncedResources?: { group?: string; resource: string }[] }
}

const syncedResourcesTimeoutMs = 30_000
const localExport = 'kubernetes'

export async function syncWorkload(context: CommandContext, name: string, options: SyncOptions): Promise<void> {
  await using connection = await context.connect()
  const workspace = currentWorkspace(connection)
  const scope = { connection, workspace, name }
  const syncTarget = await ensureSyncTarget(context, scope, options)
  const uid = syncTarget.metadata.uid ?? ''
  const id = syncerId({ name, uid })
  const token = await ensureSyncerAccess(context, connection, {
    workspace,
    syncTarget,
    id,
    namespace: options.kcpNamespace,
  })
  const resources = await syncedResources(context, scope, syncTarget)
  const server = serverUrl(connection, options)
  warnAboutLoopback(context, server)
  const namespace = options.namespace || id
  const manifest = renderSyncerManifest(
    {
      ...options,
      syncerId: id,
      namespace,
      syncTargetName: name,
      syncTargetUid: uid,
      syncTargetCluster: keyOf(syncTarget).cluster,
      server,
      caData: connection.caData,
      token,
      image: options.syncerImage,
      permissions: [...options.resources, 'secrets', 'configmaps', ...resources],
    },
    { syncer: readTemplate('syncer/syncer.yaml'), kubeconfig: readTemplate('syncer/kubeconfig.yaml') },
  )
  writeManifest(context, manifest, { file: options.outputFile, namespace, id })
}

interface Scope {
  connection: Connection
  workspace: string
  name: string
}

async function ensureSyncTarget(
  context: CommandContext,
  scope: Scope,
  options: SyncOptions,
): Promise<SyncTargetObject> {
  const client = scope.connection.client.cluster(scope.workspace)
  const { name } = scope
  const supportedAPIExports = supportedExports(options)
  const existing = (await client.list<SyncTargetObject>(syncTargets, { fieldSelector: `metadata.name=${name}` }))
    .items[0]
  if (!existing) {
    context.err(`Creating synctarget "${name}"\n`)
    return client.create<SyncTargetObject>(syncTargets, {
      apiVersion: 'workload.kcp.io/v1alpha1',
      kind: 'SyncTarget',
      metadata: { name, ...(Object.keys(options.labels).length > 0 ? { labels: options.labels } : {}) },
      spec: { unschedulable: false, supportedAPIExports },
    })
  }
  const sameExports = JSON.stringify(existing.spec?.supportedAPIExports ?? []) === JSON.stringify(supportedAPIExports)
  const sameLabels = Object.entries(options.labels).every(([key, value]) => existing.metadata.labels?.[key] === value)
  if (sameExports && sameLabels) return existing
  // Labels given here are set; the others stay (Go's plugin drops them, and with them the server's own).
  const { uid, resourceVersion } = existing.metadata
  const patch = { metadata: { uid, resourceVersion, labels: options.labels }, spec: { supportedAPIExports } }
  return client.patch<SyncTargetObject>(syncTargets, { name }, { type: 'merge', body: patch })
}

export function supportedExports(
  options: Pick<SyncOptions, 'apiExports' | 'resources'>,
): { path?: string; export: string }[] {
  const exports = options.apiExports.map(text => {
    const { path, name } = parseExport(text)
    return path === undefined ? { export: name } : { path, export: name }
  })
  // Resources of the cluster's own end up in the local export.
  if (options.resources.length > 0 && !exports.some(e => e.path === undefined && e.export === localExport))
    exports.push({ export: localExport })
  return exports
}

/** `resource.group` names of what kcp will ask this target to sync; the server fills the list in a moment after creation. */
async function syncedResources(context: CommandContext, scope: Scope, syncTarget: SyncTargetObject): Promise<string[]> {
  const names = (target: KubeObject | undefined) =>
    ((target as SyncTargetObject | undefined)?.status?.syncedResources ?? []).map(r =>
      r.group ? `${r.resource}.${r.group}` : r.resource,
    )
  const exports = syncTarget.spec?.supportedAPIExports ?? []
  const onlyLocal = exports.every(
    e => e.export === localExport && (e.path ?? keyOf(syncTarget).cluster) === keyOf(syncTarget).cluster,
  )
  if (onlyLocal) return names(syncTarget)
  const { object, done } = await waitFor({
    client: scope.connection.client.cluster(scope.workspace),
    gvr: syncTargets,
    name: scope.name,
    timeoutMs: syncedResourcesTimeoutMs,
    signal: context.signal,
    until: target => names(target).length > 0,
    progress: () =>
      context.err(`Still waiting: kcp has not yet listed the resources to sync in SyncTarget "${scope.name}"\n`),
  })
  if (!done) {
    throw new CommandError(
      `error waiting for getting resources to sync in syncTarget ${scope.name}, timed out waiting for the condition; check that the APIExports exist: ${exports.map(e => `${e.path ?? ''}:${e.export}`).join(', ')}`,
    )
  }
  return names(object)
}

function serverUrl(connection: Connection, options: SyncOptions): string {
  const url = new URL(options.serverUrl === '' ? connection.base : options.serverUrl)
  const port = url.port || (url.protocol === 'http:' ? '80' : '443')
  return `${url.protocol}//${url.hostname}:${port}`
}

function warnAboutLoopback(context: CommandContext, server: string): void {
  const { hostname } = new URL(server)
  if (hostname !== 'localhost' && hostname !== '[::1]' && !hostname.startsWith('127.')) return
  context.err(
    `Warning: the syncer will connect to kcp at ${server}, which is reachable on this machine only; pass --server-url with an address that the physical cluster can reach.\n`,
  )
}

function writeManifest(
  context: CommandContext,
  manifest: string,
  { file, namespace, id }: { file: string; namespace: string; id: string },
) {
  if (file === '-') return context.out(manifest)
  // The manifest holds a token: written beside its place and moved, so that no one ever sees half of it or may read it.
  const partial = `${file}.partial`
  try {
    const handle = openSync(partial, 'w', 0o600)
    try {
      chmodSync(partial, 0o600)
      writeSync(handle, manifest)
    } finally {
      closeSync(handle)
    }
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  context.err(
    `\nWrote physical cluster manifest to ${file} for namespace "${namespace}". Use\n\n  KUBECONFIG=<pcluster-config> kubectl apply -f "${file}"\n\nto apply it. Use\n\n  KUBECONFIG=<pcluster-config> kubectl get deployment -n "${namespace}" ${id}\n\nto verify the syncer pod is running.\n`,
  )
}
