// APIBindings: who may bind which export, and the labels and finalizer every binding has.
import { LRUCache } from 'lru-cache'
import { exportHash, ownExportClaimLabelValue } from '../../api/names/derived-names.ts'
import { bindingFinalizer, claimLabelPrefix, exportLabel, extraAnnotationPrefix } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { AdmissionRequest } from '../registry/resource.ts'
import { type AdmissionDeps, aggregate, isResource, isSystem, type Plugin, refuse, requiredText } from './plugin.ts'
import { keepFinalizer } from './protected-metadata.ts'

interface ApiBinding extends KubeObject {
  spec?: { reference?: { export?: { path?: string; name?: string } } }
}

export const apiExportsResource = { group: 'apis.kcp.io', version: 'v1alpha1', resource: 'apiexports' }

export function apiBindingPlugin(deps: AdmissionDeps): Plugin {
  const hashOf = createExportHash()
  return {
    name: 'apis.kcp.io/APIBinding',
    handles: request => isResource('apis.kcp.io', 'apibindings')(request) && request.subresource === '',
    async mutate(request) {
      if (request.operation === 'DELETE' || request.object === undefined) return
      const exportCluster = clusterOfExport(deps, request)
      const { name } = reference(request)
      if (exportCluster !== undefined && name) labelBinding(request.object, hashOf(exportCluster, name))
      if (request.operation === 'CREATE') await prepareNew(deps, request, exportCluster)
      else if (!isSystem(request.context.user)) keepFinalizer(request, bindingFinalizer)
    },
    async validate(request) {
      const { path, name } = reference(request)
      if (request.operation === 'DELETE' || !hasReference(request)) return
      if (!name) throw refuse(request, aggregate([requiredText('spec.reference.export.name')]))
      const old = (request.old as ApiBinding | undefined)?.spec?.reference?.export
      if (request.operation === 'UPDATE' && old?.name === name && (old.path ?? '') === (path ?? '')) return
      await checkBindPermission(deps, request, { cluster: clusterOfExport(deps, request), path: path ?? '', name })
    },
  }
}

function hasReference({ object }: AdmissionRequest): boolean {
  return (object as ApiBinding | undefined)?.spec?.reference?.export !== undefined
}

function reference({ object }: AdmissionRequest): { path?: string; name?: string } {
  return (object as ApiBinding | undefined)?.spec?.reference?.export ?? {}
}

function clusterOfExport({ index }: AdmissionDeps, request: AdmissionRequest): string | undefined {
  const { path } = reference(request)
  return path ? index.resolve(path) : request.context.cluster
}

/** Few exports have most of the bindings, and hashing takes longer than the rest of the plugin. */
function createExportHash(): (exportCluster: string, exportName: string) => string {
  const hashes = new LRUCache<string, string>({ max: hashesKeptMax })
  return (exportCluster, exportName) => {
    const key = `${exportCluster}:${exportName}`
    const hash = hashes.get(key) ?? exportHash(exportCluster, exportName)
    hashes.set(key, hash)
    return hash
  }
}

const hashesKeptMax = 1000

/** What every new binding has beside its labels. */
export function holdBinding({ metadata }: KubeObject): void {
  metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), bindingFinalizer])]
}

export function labelBinding({ metadata }: KubeObject, hash: string): void {
  const claim = claimLabelPrefix + hash
  metadata.labels = {
    ...metadata.labels,
    [exportLabel]: hash,
    [claim]: metadata.labels?.[claim] ?? ownExportClaimLabelValue,
  }
}

/** Annotations of the export come along, so that no user sees the binding without them. */
async function prepareNew(
  deps: AdmissionDeps,
  { object, context }: AdmissionRequest,
  exportCluster: string | undefined,
): Promise<void> {
  if (object === undefined) return
  const { metadata, spec } = object as ApiBinding
  holdBinding(object)
  const name = spec?.reference?.export?.name
  if (exportCluster === undefined || !name || isSystem(context.user)) return
  const apiExport = await deps.read(exportCluster, apiExportsResource, name)
  const extra = Object.entries(apiExport?.metadata.annotations ?? {}).filter(([key]) =>
    key.startsWith(extraAnnotationPrefix),
  )
  if (extra.length > 0) metadata.annotations = { ...metadata.annotations, ...Object.fromEntries(extra) }
}

interface Asked {
  readonly cluster: string | undefined
  readonly path: string
  readonly name: string
}

async function checkBindPermission(deps: AdmissionDeps, request: AdmissionRequest, asked: Asked): Promise<void> {
  const { user, cluster: here } = request.context
  const { cluster, path, name } = asked
  const verb = request.operation === 'CREATE' ? 'create' : 'update'
  const question = { user, verb: 'bind', group: 'apis.kcp.io', resource: 'apiexports', name }
  const isKnown =
    cluster !== undefined && (path === '' || isSystem(user) || (await deps.read(cluster, apiExportsResource, name)))
  if (isKnown && (await deps.isAllowed({ ...question, cluster }))) return
  throw refuse(request, `unable to ${verb} APIBinding: no permission to bind to export ${path || here}:${name}`)
}
