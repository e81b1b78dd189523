// Which fields a write gives to whom: metadata.managedFields of every object, through api/patch/apply.
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import type { Fields } from '../../api/patch/apply/fields.ts'
import { type FindVersion, ignoredByMain, ignoredByStatus } from '../../api/patch/apply/ownership.ts'
import { updateManagedFields } from '../../api/patch/apply/update-managed-fields.ts'
import type { WriteTarget } from './parts.ts'
import type { ResourceType } from './resource.ts'

/** The object with the entries that a create or (with `before`) an update gives it. */
export function trackFields(after: KubeObject, before: KubeObject | undefined, target: WriteTarget): KubeObject {
  const { type, subresource, fieldManager, context } = target
  return updateManagedFields({
    before,
    after,
    versions: versionsOf(target),
    manager: fieldManager,
    apiVersion: apiVersionOf(type),
    subresource,
    now: context.now,
  })
}

/** Fields that a write to an endpoint does not set: it leaves them as they are. */
export function resetFieldsOf({ type, subresource, isWhole }: Endpoint): Fields | undefined {
  if (isWhole) return undefined
  const declared = type.resetFields?.[subresource]
  if (declared !== undefined) return declared
  if (subresource === 'status') return ignoredByStatus
  return subresource === '' && type.subresources.status ? ignoredByMain : undefined
}

type Endpoint = Pick<WriteTarget, 'type' | 'subresource' | 'isWhole'>

const found = new WeakMap<ResourceType, Map<string, FindVersion>>()

/** One function per type and endpoint: what it finds is asked for at every write. */
export function versionsOf(endpoint: Endpoint): FindVersion {
  const { type, subresource, isWhole } = endpoint
  let ofType = found.get(type)
  if (ofType === undefined) {
    ofType = new Map()
    found.set(type, ofType)
  }
  const key = isWhole ? '*' : subresource
  let find = ofType.get(key)
  if (find === undefined) {
    find = createFind(endpoint)
    ofType.set(key, find)
  }
  return find
}

function createFind(endpoint: Endpoint): FindVersion {
  const { type } = endpoint
  const own = { topology: type.schema.topology, ignore: resetFieldsOf(endpoint) }
  const ownVersion = apiVersionOf(type)
  return apiVersion => {
    if (apiVersion === ownVersion) return own
    const other = type.findVersion?.(apiVersion)
    return other && { topology: other.schema.topology }
  }
}
