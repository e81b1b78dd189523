// Namespaces end in two steps: DELETE marks them, and they go when the finalize endpoint has emptied spec.finalizers.
import { checkDnsLabel, checkFinalizer } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue } from '../../schema/field-errors.ts'
import { ensureObject, listAt, objectAt, textAt, textsAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

const nameLabel = 'kubernetes.io/metadata.name'

function prepareForUpdate(object: KubeObject, old: KubeObject, subresource: string): void {
  if (subresource === 'finalize') {
    const { spec } = object
    const { resourceVersion, managedFields } = object.metadata
    for (const name of Object.keys(object)) delete object[name]
    Object.assign(object, old, { metadata: { ...old.metadata } })
    object.spec = spec ?? {}
    if (resourceVersion !== undefined) object.metadata.resourceVersion = resourceVersion
    if (managedFields !== undefined) object.metadata.managedFields = managedFields
    else delete object.metadata.managedFields
  } else object.spec = { ...objectAt(object, 'spec'), finalizers: [...listAt(old, 'spec', 'finalizers')] }
}

function validate(namespace: KubeObject): FieldError[] {
  return textsAt(namespace, 'spec', 'finalizers').flatMap(each =>
    checkFinalizer(each).map(text => invalidValue('spec.finalizers', each, text)),
  )
}

export const namespaceRules: NativeRules = {
  defaults(namespace) {
    const metadata = objectAt(namespace, 'metadata')
    const name = textAt(metadata, 'name')
    if (name !== '') ensureObject(metadata, 'labels')[nameLabel] = name
  },
  strategy: {
    validateName: checkDnsLabel,
    prepareForCreate(object) {
      const finalizers = listAt(object, 'spec', 'finalizers').filter(name => name !== 'kubernetes')
      object.spec = { ...objectAt(object, 'spec'), finalizers: [...finalizers, 'kubernetes'] }
      object.status = { phase: 'Active' }
    },
    prepareForUpdate,
    validate,
    mayDeleteNow: object => listAt(object, 'spec', 'finalizers').length === 0,
    onDeletionMarked(object) {
      delete object.metadata.deletionGracePeriodSeconds
      object.status = { ...objectAt(object, 'status'), phase: 'Terminating' }
    },
    selectableFields: {
      name: object => object.metadata.name,
      'status.phase': object => textAt(object, 'status', 'phase'),
    },
  },
}
