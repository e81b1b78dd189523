// The scale subresource: autoscaling/v1 Scale as a view of two or three numbers inside an object of any kind.
import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { applyPatch } from '../../api/patch/apply/apply-patch.ts'
import { storedOwners } from '../../api/patch/apply/field-owners.ts'
import type { FindVersion } from '../../api/patch/apply/ownership.ts'
import {
  type ReplicasPath,
  scaleApiVersion,
  toParentOwners,
  toScaleOwners,
} from '../../api/patch/apply/scale-fields.ts'
import { updateManagedFields, withEntries } from '../../api/patch/apply/update-managed-fields.ts'
import type { Topology } from '../../api/patch/topology.ts'
import { failure, invalid } from '../../api/status-error.ts'
import { objectMetaTopology } from '../schema/topology.ts'
import { checkName } from './body-checks.ts'
import type { WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'

/** What is read of a scale. Custom resources must have the number it is about. */
export function readableScale(type: ResourceType, object: KubeObject): JsonObject {
  const { specReplicas } = pathsOf(type)
  if (type.origin !== 'native' && numberValue(valueAt(object, specReplicas)) === undefined) {
    const problem = `the spec replicas field ".${specReplicas.join('.')}" does not exist`
    const causes = [{ message: problem }]
    throw failure(500, 'InternalError', `Internal error occurred: ${problem}`, { causes })
  }
  return scaleOf(type, object)
}

export function scaleOf(type: ResourceType, object: KubeObject): JsonObject {
  const paths = pathsOf(type)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = paths.labelSelector ? selectorText(valueAt(object, paths.labelSelector)) : ''
  const replicas = numberValue(valueAt(object, paths.specReplicas))
  return {
    kind: 'Scale',
    apiVersion: scaleApiVersion,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      creationTimestamp: creationTimestamp ?? null,
    },
    // As Go writes it: zero is nothing.
    spec: replicas ? { replicas } : {},
    status: {
      replicas: numberValue(valueAt(object, paths.statusReplicas)) ?? 0,
      ...(selector === '' ? {} : { selector }),
    },
  }
}

/** `object` with the replicas of a Scale, and who owns them. */
export function changeScale(
  target: WriteTarget,
  object: KubeObject,
  change: (scale: JsonObject) => JsonObject,
): KubeObject {
  const { type, fieldManager, context } = target
  const before = trackedScale(type, object)
  const after = change(scaleOf(type, object))
  const metadata = isJsonObject(after.metadata) ? after.metadata : {}
  const tracked = updateManagedFields({
    before,
    after: { ...after, metadata: { ...metadata } } as unknown as KubeObject,
    versions: scaleVersions,
    manager: fieldManager,
    apiVersion: scaleApiVersion,
    subresource: 'scale',
    now: context.now,
  })
  return withScale(type, object, tracked)
}

export function applyScale(
  target: WriteTarget,
  object: KubeObject,
  { body, force }: { body: JsonObject; force: boolean },
): KubeObject {
  const { type, fieldManager, context } = target
  const applied = applyPatch({
    live: trackedScale(type, object),
    applied: body,
    versions: scaleVersions,
    manager: fieldManager,
    apiVersion: scaleApiVersion,
    kind: 'Scale',
    subresource: 'scale',
    force,
    now: context.now,
  })
  return withScale(type, object, applied.object)
}

const number = { type: 'integer' } as const
const scaleTopology: Topology = {
  type: 'object',
  zeros: { metadata: {}, spec: {}, status: {} },
  fields: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: objectMetaTopology,
    spec: { type: 'object', fields: { replicas: number } },
    status: { type: 'object', fields: { replicas: number, selector: { type: 'string' } } },
  },
}
const scaleFacts = { topology: scaleTopology }
const scaleVersions: FindVersion = apiVersion => (apiVersion === scaleApiVersion ? scaleFacts : undefined)

/** The Scale of an object with those owners that own its replicas. */
function trackedScale(type: ResourceType, object: KubeObject): KubeObject {
  const scale = scaleOf(type, object) as unknown as KubeObject
  const owners = toScaleOwners(storedOwners(object.metadata.managedFields), replicasPathIn(type))
  return withEntries(scale, owners)
}

/** Empty for versions without a scale. */
function replicasPathIn(type: ResourceType): ReplicasPath {
  const own = apiVersionOf(type)
  return apiVersion => {
    if (apiVersion === own) return pathsOf(type).specReplicas
    const other = type.findVersion?.(apiVersion)
    return other && (other.subresources.scale?.scale?.specReplicas ?? [])
  }
}

/** The Scale's uid and resourceVersion are preconditions. */
function withScale(type: ResourceType, object: KubeObject, scale: KubeObject): KubeObject {
  const { metadata } = scale
  if (metadata.name && metadata.name !== object.metadata.name) checkName(scale, object.metadata.name)
  const owners = toParentOwners(storedOwners(metadata.managedFields), {
    owners: storedOwners(object.metadata.managedFields),
    apiVersion: apiVersionOf(type),
    pathOf: replicasPathIn(type),
  })
  const changed = withEntries(object, owners)
  if (metadata.resourceVersion) changed.metadata.resourceVersion = metadata.resourceVersion
  if (metadata.uid) changed.metadata.uid = metadata.uid
  const { spec } = scale
  const replicas = isJsonObject(spec) ? (numberValue(spec.replicas) ?? 0) : 0
  // Custom resources name the path of their own number (their strategy).
  if (replicas < 0 && type.origin === 'native') {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [
      { field: 'spec.replicas', type: 'FieldValueInvalid', message },
    ])
  }
  setValueAt(changed, pathsOf(type).specReplicas, replicas)
  return changed
}

function pathsOf(type: ResourceType) {
  const paths = type.subresources.scale?.scale
  if (!paths) throw new Error(`${type.resource} has no scale`)
  return paths
}

function valueAt(object: unknown, path: readonly string[]): JsonValue | undefined {
  let value: unknown = object
  for (const member of path) value = isJsonObject(value) && Object.hasOwn(value, member) ? value[member] : undefined
  return value as JsonValue | undefined
}

function setValueAt(object: Record<string, unknown>, path: readonly string[], value: number): void {
  let parent: Record<string, unknown> = object
  for (const member of path.slice(0, -1)) {
    const next = parent[member]
    if (isJsonObject(next)) parent = next
    else {
      const made: JsonObject = {}
      parent[member] = made
      parent = made
    }
  }
  const last = path.at(-1)
  if (last !== undefined) parent[last] = value
}

/** A selector object as text; texts (custom resources) as they are. */
function selectorText(selector: JsonValue | undefined): string {
  if (typeof selector === 'string') return selector
  if (!isJsonObject(selector)) return ''
  const labels = isJsonObject(selector.matchLabels) ? selector.matchLabels : {}
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort()
    .join(',')
}
