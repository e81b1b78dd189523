// Tells kcp what the physical cluster's APIs look like: one APIResourceImport per resource that kcp asks for or a flag
// names. Writes only what has changed, and leaves imports alone when it stops: they belong to the SyncTarget.
import { equalJson, isJsonObject } from '../../api/json.ts'
import { importApiVersionAnnotation } from '../../api/names/kcp-keys.ts'
import { apiVersionOf, groupResource, type KubeObject } from '../../api/objects.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import { runController } from '../../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../../api-client/controller/work-queue.ts'
import { errorText, type Log } from '../../api-client/log.ts'
import { type DiscoveredResource, discoverGroups, discoverResources } from '../../api-client/resources/discovery.ts'
import { listAll } from '../../api-client/resources/list-all.ts'
import { createPublishedSchemas } from './published-schemas.ts'
import { type ApiDescription, isNative, type PulledApi, pullApi } from './pull-api.ts'
import { importableNames, type SyncTarget } from './sync-target.ts'

export interface ApiImporterOptions {
  /** For the workspace of the SyncTarget. */
  readonly upstreamClient: Client
  readonly downstreamClient: Client
  /** `resource[.group]`. */
  readonly resources: readonly string[]
  readonly pollIntervalMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  syncTarget(): SyncTarget | undefined
}

export interface ApiImporter {
  /** The SyncTarget has changed; only another set of resources starts a round. */
  wake(): void
  run(signal: AbortSignal): Promise<void>
}

/** When something could not be imported: a CRD that is applied now shall not wait for long. */
const failedPollMs = 10_000

const importsGvr = { group: 'apiresource.kcp.io', version: 'v1alpha1', resource: 'apiresourceimports' }

interface ApiResourceImport extends KubeObject {
  spec: ApiDescription & { location: string; schemaUpdateStrategy?: string }
}

interface Served {
  readonly resources: ReadonlyMap<string, DiscoveredResource>
  /** Groups that are registered but could not be read, e.g. because their own server is down. */
  readonly failures: ReadonlyMap<string, unknown>
}

export function createApiImporter(options: ApiImporterOptions): ApiImporter {
  const { clock, random, log } = options
  const queue = createWorkQueue({ clock, random })
  const told = new Map<string, string>()
  const published = createPublishedSchemas(options.downstreamClient)
  let lastNames: string | undefined
  let unwantedBefore: ReadonlySet<string> = new Set()
  const names = () => {
    const syncTarget = options.syncTarget()
    return syncTarget ? [...new Set([...options.resources, ...importableNames(syncTarget)].map(plainName))].sort() : []
  }
  return {
    wake: () => {
      const now = names().join(' ')
      if (now !== lastNames) queue.add('apis')
      lastNames = now
    },
    run: signal => runController({ name: 'kcp-workload-api-importer', queue, reconcile, log, signal, workers: 1 }),
  }

  async function reconcile(_key: string, signal: AbortSignal) {
    const syncTarget = options.syncTarget()
    if (syncTarget && names().length > 0) await importAll(syncTarget, names(), signal)
    const { pollIntervalMs } = options
    return { requeueAfterMs: told.size > 0 ? Math.min(pollIntervalMs, failedPollMs) : pollIntervalMs }
  }

  async function importAll(syncTarget: SyncTarget, wanted: readonly string[], signal: AbortSignal) {
    const served = await discoverPreferred(options.downstreamClient, wanted, signal)
    const schemas = published.round()
    const existing = await listAll<ApiResourceImport>(options.upstreamClient, importsGvr, { signal })
    const own = existing.items.filter(({ spec }) => spec.location === syncTarget.metadata.name)
    for (const name of told.keys()) if (!wanted.includes(name)) told.delete(name)
    for (const name of wanted) {
      const resource = served.resources.get(name)
      if (resource && isNative(resource)) continue
      try {
        if (!resource) throw served.failures.get(groupOf(name)) ?? new Error('the physical cluster does not serve it')
        const pulled = await pullApi(resource, { client: options.downstreamClient, schemas, signal })
        if (!pulled) throw new Error('the physical cluster publishes no schema for it')
        await writeImport(options, { syncTarget, pulled, own })
        told.delete(name)
      } catch (error) {
        const text = errorText(error)
        if (told.get(name) !== text) log.warn({ resource: name, error: text }, 'cannot import API, will look again')
        told.set(name, text)
      }
    }
    const unwanted = own.filter(({ spec }) => !wanted.includes(importedName(spec)))
    // A SyncTarget whose status is being rebuilt asks for nothing for a moment: only what is unwanted twice goes.
    await removeImports(
      options.upstreamClient,
      unwanted.filter(({ metadata }) => unwantedBefore.has(metadata.name)),
    )
    unwantedBefore = new Set(unwanted.map(({ metadata }) => metadata.name))
  }
}

async function writeImport(
  options: ApiImporterOptions,
  write: { syncTarget: SyncTarget; pulled: PulledApi; own: readonly ApiResourceImport[] },
) {
  const { pulled, own, syncTarget } = write
  const existing = own.find(({ spec }) => importId(spec) === importId(pulled.description))
  if (!existing) {
    await options.upstreamClient.create(importsGvr, newImport(syncTarget, pulled))
    options.log.info({ resource: importId(pulled.description) }, 'imported API')
    return
  }
  const spec = { ...existing.spec, ...pulled.description }
  if (isJsonObject(spec) && equalJson(spec, existing.spec)) return
  await options.upstreamClient.update(importsGvr, { ...existing, spec })
  options.log.info({ resource: importId(pulled.description) }, 'updated imported API')
}

/** Of what nobody asks for any more; that the cluster does not serve it now is no reason. */
async function removeImports(client: Client, unwanted: readonly ApiResourceImport[]) {
  for (const { metadata } of unwanted) {
    try {
      await client.delete(importsGvr, { name: metadata.name }, metadata.uid ? { uid: metadata.uid } : {})
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

/** `services.` is how kcp writes a resource of the core group. */
function plainName(name: string): string {
  return name.replace(/\.$/, '')
}

/** The wanted resources in the version their group prefers; a group that cannot be read leaves the others alone. */
async function discoverPreferred(client: Client, wanted: readonly string[], signal: AbortSignal): Promise<Served> {
  const wantedGroups = new Set(wanted.map(groupOf))
  const resources = new Map<string, DiscoveredResource>()
  const failures = new Map<string, unknown>()
  for (const { group, preferredVersion, versions } of await discoverGroups(client, signal)) {
    if (!wantedGroups.has(group)) continue
    try {
      for (const version of [preferredVersion, ...versions.filter(v => v !== preferredVersion)]) {
        for (const resource of (await discoverResources(client, { group, version }, signal)) ?? []) {
          const name = groupResource(resource)
          if (wanted.includes(name) && !resources.has(name)) resources.set(name, resource)
        }
      }
    } catch (error) {
      failures.set(group, error)
    }
  }
  return { resources, failures }
}

function groupOf(name: string): string {
  return name.includes('.') ? name.slice(name.indexOf('.') + 1) : ''
}

function importedName({ plural, groupVersion }: ApiDescription): string {
  return groupResource({ group: groupVersion.group ?? '', resource: plural })
}

function importId({ plural, groupVersion }: Pick<ApiDescription, 'plural' | 'groupVersion'>): string {
  return `${plural}.${groupVersion.version}.${groupVersion.group ?? ''}`
}

function newImport(syncTarget: SyncTarget, { description, approval }: PulledApi): ApiResourceImport {
  const { name, uid = '' } = syncTarget.metadata
  const { group = '', version } = description.groupVersion
  const owner = { apiVersion: 'workload.kcp.io/v1alpha1', kind: 'SyncTarget', name, uid, controller: true }
  return {
    apiVersion: apiVersionOf(importsGvr),
    kind: 'APIResourceImport',
    metadata: {
      name: `${description.plural}.${name}.${version}.${group === '' ? 'core' : group}`,
      annotations: {
        [importApiVersionAnnotation]: apiVersionOf({ group, version }),
        ...(approval ? { 'api-approved.kubernetes.io': approval } : {}),
      },
      ownerReferences: [owner],
    },
    spec: { ...description, schemaUpdateStrategy: 'UpdateUnpublished', location: name },
  }
}
