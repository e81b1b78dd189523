// Rules of ObjectMeta that are answered with 422.

import {
  checkAnnotationKey,
  checkDnsSubdomain,
  checkLabelValue,
  checkPrefix,
  checkQualifiedName,
} from '../../api/names/rules.ts'
import type { KubeObject, ObjectMeta } from '../../api/objects.ts'
import type { FieldError } from '../../api/status-error.ts'
import type { ResourceType } from './resource.ts'

const annotationsBytesLimit = 256 * 1024

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
  return [...errors, ...validateMetadata(metadata)]
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
  return [...errors, ...validateMetadata(metadata)]
}

function validateMetadata(metadata: ObjectMeta): FieldError[] {
  return [
    ...validateLabels(metadata.labels ?? {}),
    ...validateAnnotations(metadata.annotations ?? {}),
    ...validateOwners(metadata),
    ...(metadata.finalizers ?? []).flatMap((each, index) =>
      checkQualifiedName(each).map(text => invalidValue(`metadata.finalizers[${index}]`, each, text)),
    ),
  ]
}

function validateLabels(labels: Record<string, string>): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...checkQualifiedName(key).map(text => invalidValue('metadata.labels', key, text)),
    ...checkLabelValue(value).map(text => invalidValue('metadata.labels', value, text)),
  ])
}

function validateAnnotations(annotations: Record<string, string>): FieldError[] {
  const errors: FieldError[] = []
  let bytes = 0
  for (const [key, value] of Object.entries(annotations)) {
    bytes += key.length + value.length
    errors.push(...checkAnnotationKey(key).map(text => invalidValue('metadata.annotations', key, text)))
  }
  if (bytes > annotationsBytesLimit) {
    const message = `Too long: must have at most ${annotationsBytesLimit} bytes`
    errors.push({ field: 'metadata.annotations', type: 'FieldValueTooLong', message })
  }
  return errors
}

function validateOwners({ ownerReferences = [] }: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, owner] of ownerReferences.entries()) {
    const field = `metadata.ownerReferences[${index}]`
    for (const member of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[member]) continue
      const text = member === 'apiVersion' ? 'version must not be empty' : `${member} must not be empty`
      errors.push(invalidValue(`${field}.${member}`, owner[member] ?? '', text))
    }
  }
  const controllers = ownerReferences.filter(owner => owner.controller === true)
  if (controllers.length > 1) {
    const names = controllers.map(owner => owner.name)
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${names.join(' and ')}`
    errors.push({ field: 'metadata.ownerReferences', type: 'FieldValueInvalid', message: `Invalid value: ${text}` })
  }
  return errors
}

function invalidValue(field: string, value: unknown, text: string): FieldError {
  return { field, type: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${text}` }
}
