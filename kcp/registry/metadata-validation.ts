// Rules of ObjectMeta that are answered with 422.

import type { JsonObject } from '../../api/json.ts'
import { checkDnsSubdomain, checkFinalizer, checkPrefix } from '../../api/names/rules.ts'
import type { KubeObject, ObjectMeta } from '../../api/objects.ts'
import type { FieldError } from '../../api/status-error.ts'
import { parseTime } from '../../api/time.ts'
import { invalidGoValue, tooLong } from '../schema/field-errors.ts'
import { checkFieldManager } from '../schema/field-manager.ts'
import { checkObjectMeta } from '../schema/object-meta.ts'
import type { ResourceType } from './resource.ts'

export function validateNewMetadata(object: KubeObject, type: ResourceType): FieldError[] {
  const { metadata } = object
  const rule = type.strategy.validateName ?? checkDnsSubdomain
  const errors: FieldError[] = []
  if (metadata.generateName) {
    for (const text of checkPrefix(rule, metadata.generateName)) {
      errors.push(invalidValue('metadata.generateName', metadata.generateName, text))
    }
  }
  if (!metadata.name) {
    errors.push({
      field: 'metadata.name',
      type: 'FieldValueRequired',
      message: 'Required value: name or generateName is required',
    })
  } else for (const text of rule(metadata.name)) errors.push(invalidValue('metadata.name', metadata.name, text))
  return [...errors, ...validateMetadata(metadata), ...checkOwnFinalizers(metadata, type, 'new')]
}

/** Groups of Kubernetes that leave metadata to the generic checks. */
const lenientGroups = new Set(['admissionregistration.k8s.io', 'apiextensions.k8s.io', 'coordination.k8s.io'])

/** RBAC looks at metadata when it changes only. */
function hasOwnMetadataChecks({ origin, group, resource }: ResourceType, state: 'new' | 'changed'): boolean {
  if (origin !== 'native' || lenientGroups.has(group)) return false
  if (resource === 'events' && state === 'changed') return false
  return state === 'changed' || !group.startsWith('rbac.')
}

function checkOwnFinalizers({ finalizers }: ObjectMeta, type: ResourceType, state: 'new' | 'changed'): FieldError[] {
  if (finalizers === undefined || !hasOwnMetadataChecks(type, state)) return []
  return finalizers.flatMap((each, index) =>
    checkFinalizer(each).map(text => invalidValue(`metadata.finalizers[${index}]`, each, text)),
  )
}

export function validateChangedMetadata(metadata: ObjectMeta, old: ObjectMeta, type: ResourceType): FieldError[] {
  const errors: FieldError[] = []
  if (metadata.finalizers && old.deletionTimestamp !== undefined) {
    const added = metadata.finalizers.filter(each => !old.finalizers?.includes(each))
    const list = `[]string{${added.map(each => JSON.stringify(each)).join(', ')}}`
    const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`
    if (added.length > 0) {
      const error = {
        field: 'metadata.finalizers',
        type: 'FieldValueForbidden',
        message: `Forbidden: ${text}`,
      } as const
      // Said twice, as Kubernetes' two layers of checks do.
      errors.push(error, error)
    }
  }
  if (metadata.uid !== old.uid) errors.push(invalidValue('metadata.uid', metadata.uid ?? '', 'field is immutable'))
  return [...errors, ...checkChangedParts(metadata, type), ...validateManagers(metadata)]
}

/** Several layers of Kubernetes' checks find the same: a cause each. */
function checkChangedParts(metadata: ObjectMeta, type: ResourceType): FieldError[] {
  const found = validateMetadata(metadata)
  const isHeld = ({ field }: FieldError) => field === 'metadata.finalizers'
  const { generic, own } = layersOf(type)
  const others = found.filter(error => !isHeld(error))
  const finalizers = [...found.filter(isHeld), ...checkOwnFinalizers(metadata, type, 'changed')]
  const timesHeld = hasOwnMetadataChecks(type, 'changed') ? own + 1 : 1
  return [
    ...Array.from({ length: generic + own }, () => others).flat(),
    ...Array.from({ length: timesHeld }, () => finalizers).flat(),
  ]
}

/** Kinds of the core group whose own checks look at the whole metadata again. */
const checkedAgain = new Set(['configmaps', 'secrets', 'namespaces', 'serviceaccounts', 'services', 'endpoints'])

function layersOf({ origin, group, resource }: ResourceType): { generic: number; own: number } {
  if (origin !== 'native') return { generic: 3, own: 0 }
  if (resource === 'events') return { generic: 2, own: 0 }
  if (group.startsWith('rbac.')) return { generic: 3, own: 2 }
  return { generic: 3, own: group === '' && checkedAgain.has(resource) ? 1 : 0 }
}

/** What only the server sets may be left out of an update, or be what it was. */
export function validateServerMetadata(sent: ObjectMeta, old: ObjectMeta): FieldError[] {
  const { deletionTimestamp, deletionGracePeriodSeconds } = sent
  const errors: FieldError[] = []
  if (deletionTimestamp !== undefined && !isSameTime(deletionTimestamp, old.deletionTimestamp)) {
    errors.push(invalidGoValue('metadata.deletionTimestamp', goTime(deletionTimestamp), 'field is immutable'))
  }
  if (deletionGracePeriodSeconds !== undefined && deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds) {
    const printed = String(deletionGracePeriodSeconds)
    errors.push(invalidGoValue('metadata.deletionGracePeriodSeconds', printed, 'field is immutable'))
  }
  return [...errors, ...errors]
}

function isSameTime(text: string, other: string | undefined): boolean {
  return other !== undefined && parseTime(text)?.getTime() === parseTime(other)?.getTime()
}

/** As Go prints a time. */
function goTime(text: string): string {
  const [day = '', time = ''] = (parseTime(text)?.toISOString() ?? text).split('T')
  return `${day} ${time.slice(0, 8)} +0000 UTC`
}

const subresourceBytesLimit = 256

/** Each is said by every layer of Kubernetes' checks. */
function validateManagers({ managedFields = [] }: ObjectMeta): FieldError[] {
  const errors = managedFields.flatMap(({ manager, subresource = '' }, index) => {
    const field = `metadata.managedFields[${index}]`
    const isLong = Buffer.byteLength(subresource) > subresourceBytesLimit
    return [
      ...checkFieldManager(manager ?? '', `${field}.manager`),
      ...(isLong ? [tooLong(`${field}.subresource`, subresourceBytesLimit)] : []),
    ]
  })
  return [errors, errors, errors, errors].flat()
}

function validateMetadata(metadata: ObjectMeta): FieldError[] {
  return checkObjectMeta(metadata as unknown as JsonObject, 'metadata')
}

function invalidValue(field: string, value: unknown, text: string): FieldError {
  return { field, type: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${text}` }
}
