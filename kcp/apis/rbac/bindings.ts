// RoleBindings and ClusterRoleBindings: whom they bind, and a roleRef that never changes.
import { equalJson, type JsonObject } from '../../../api/json.ts'
import { checkPathSegment } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, notSupported, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { ensureObject, objectAt, objectsAt, setDefault, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

const rbacGroup = 'rbac.authorization.k8s.io'

function defaults(binding: JsonObject): void {
  setDefault(ensureObject(binding, 'roleRef'), 'apiGroup', rbacGroup)
  for (const subject of objectsAt(binding, 'subjects')) {
    if (subject.kind === 'User' || subject.kind === 'Group') setDefault(subject, 'apiGroup', rbacGroup)
  }
}

function checkReference(binding: KubeObject, kinds: readonly string[]): FieldError[] {
  const reference = objectAt(binding, 'roleRef')
  const group = textAt(reference, 'apiGroup')
  const kind = textAt(reference, 'kind')
  const name = textAt(reference, 'name')
  const errors: FieldError[] = []
  if (group !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', group, [rbacGroup]))
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, [...kinds]))
  if (name === '') errors.push(requiredValue('roleRef.name'))
  else errors.push(...checkPathSegment(name).map(text => invalidValue('roleRef.name', name, text)))
  return errors
}

function checkSubject(subject: JsonObject, path: string, namespaced: boolean): FieldError[] {
  const kind = textAt(subject, 'kind')
  const group = textAt(subject, 'apiGroup')
  const errors: FieldError[] = textAt(subject, 'name') === '' ? [requiredValue(`${path}.name`)] : []
  if (kind === 'ServiceAccount') {
    if (group !== '') errors.push(notSupported(`${path}.apiGroup`, group, ['']))
    if (!namespaced && textAt(subject, 'namespace') === '') errors.push(requiredValue(`${path}.namespace`))
  } else if (kind === 'User' || kind === 'Group') {
    if (group !== rbacGroup) errors.push(notSupported(`${path}.apiGroup`, group, [rbacGroup]))
  } else errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
  return errors
}

function goReference(binding: KubeObject): string {
  const reference = objectAt(binding, 'roleRef')
  const text = (name: string) => JSON.stringify(textAt(reference, name))
  return `rbac.RoleRef{APIGroup:${text('apiGroup')}, Kind:${text('kind')}, Name:${text('name')}}`
}

function bindingRules(namespaced: boolean): NativeRules {
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  const validate = (binding: KubeObject) => [
    ...checkReference(binding, kinds),
    ...objectsAt(binding, 'subjects').flatMap((subject, index) =>
      checkSubject(subject, indexPath('subjects', index), namespaced),
    ),
  ]
  return {
    defaults,
    namesMissing: true,
    strategy: {
      validateName: checkPathSegment,
      createOnUpdate: true,
      validate,
      validateUpdate(binding, old) {
        const errors = validate(binding)
        if (equalJson(objectAt(binding, 'roleRef'), objectAt(old, 'roleRef'))) return errors
        const message = `Invalid value: ${goReference(binding)}: cannot change roleRef`
        return [...errors, { field: 'roleRef', type: 'FieldValueInvalid', message }]
      },
    },
  }
}

export const bindingRulesOf = { RoleBinding: bindingRules(true), ClusterRoleBinding: bindingRules(false) }
