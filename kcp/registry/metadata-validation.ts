// Rules of ObjectMeta that are answered with 422.

import type { JsonObject } from '../../api/json.ts'
import { checkDnsSubdomain, checkFinalizer, checkPrefix } from '../../api/names/rules.ts'
import type { KubeObject, ObjectMeta } from '../../api/objects.ts'
import type { FieldError } from '../../api/status-error.ts'
import { tooLong } from '../schema/field-errors.ts'
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
  return [...errors, ...validateMetadata(metadata), ...checkOwnFinalizers(metadata, type)]
}

/** Groups of Kubernetes that do not ask for it. */
const lenientGroups = new Set(['admissionregistration.k8s.io', 'apiextensions.k8s.io', 'coordination.k8s.io'])

function checkOwnFinalizers({ finalizers }: ObjectMeta, { origin, group }: ResourceType): FieldError[] {
  if (finalizers === undefined || origin !== 'native' || lenientGroups.has(group) || group.startsWith('rbac.'))
    return []
  return finalizers.flatMap((each, index) =>
    checkFinalizer(each).map(text => invalidValue(`metadata.finalizers[${index}]`, each, text)),
  )
}

export function validateChangedMetadata(metadata: ObjectMeta, old: ObjectMeta): FieldError[] {
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
  for (const member of ['uid', 'creationTimestamp'] as const) {
    if (metadata[member] !== old[member]) {
      errors.push(invalidValue(`metadata.${member}`, metadata[member] ?? '', 'field is immutable'))
    }
  }
  return [...errors, ...validateMetadata(metadata), ...validateManagers(metadata)]
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
