// The `immutable` switch of ConfigMaps and Secrets: once on, it stays on and the data stays.
import { equalJson } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { forbiddenField } from '../../schema/field-errors.ts'
import { objectAt, valueAt } from '../members.ts'

const text = 'field is immutable when `immutable` is set'

export function checkImmutableData(object: KubeObject, old: KubeObject, members: readonly string[]): FieldError[] {
  if (valueAt(old, 'immutable') !== true) return []
  const errors = valueAt(object, 'immutable') === true ? [] : [forbiddenField('immutable', text)]
  const changed = members.filter(name => !equalJson(objectAt(object, name), objectAt(old, name)))
  return [...errors, ...changed.map(name => forbiddenField(name, text))]
}
