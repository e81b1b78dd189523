// The scale subresource: autoscaling/v1 Scale as a view of two or three numbers inside an object of any kind.
import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { badRequest, invalid } from '../../api/status-error.ts'
import type { ResourceType } from './resource.ts'

export function scaleOf(type: ResourceType, object: KubeObject): JsonObject {
  const paths = pathsOf(type)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = paths.labelSelector ? selectorText(valueAt(object, paths.labelSelector)) : ''
  const replicas = numberValue(valueAt(object, paths.specReplicas))
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      creationTimestamp: creationTimestamp ?? null,
    },
    spec: replicas === undefined ? {} : { replicas },
    status: {
      replicas: numberValue(valueAt(object, paths.statusReplicas)) ?? 0,
      ...(selector === '' ? {} : { selector }),
    },
  }
}

/** `object` with the replicas of a Scale; the Scale's uid and resourceVersion are preconditions. */
export function applyScale(type: ResourceType, object: KubeObject, scale: JsonValue): KubeObject {
  if (!isJsonObject(scale)) throw badRequest('the object provided is unrecognized (must be of type Scale)')
  const { kind, apiVersion } = scale
  if ((kind !== undefined && kind !== 'Scale') || (apiVersion !== undefined && apiVersion !== 'autoscaling/v1')) {
    throw badRequest(`wrong object passed to Scale update: ${String(apiVersion)}, Kind=${String(kind)}`)
  }
  const metadata = isJsonObject(scale.metadata) ? scale.metadata : {}
  if (typeof metadata.name === 'string' && metadata.name !== '' && metadata.name !== object.metadata.name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${object.metadata.name})`,
    )
  }
  if (typeof metadata.resourceVersion === 'string' && metadata.resourceVersion !== '') {
    object.metadata.resourceVersion = metadata.resourceVersion
  }
  if (typeof metadata.uid === 'string' && metadata.uid !== '') object.metadata.uid = metadata.uid
  const replicas = isJsonObject(scale.spec) ? (numberValue(scale.spec.replicas) ?? 0) : 0
  // Custom resources name the path of their own number (their strategy).
  if (replicas < 0 && type.origin === 'native') {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [
      { field: 'spec.replicas', type: 'FieldValueInvalid', message },
    ])
  }
  setValueAt(object, pathsOf(type).specReplicas, replicas)
  return object
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
