// Roles and ClusterRoles: what a rule must say. Leaves out: escalation checks (admission) and aggregation (a controller).
import type { JsonObject } from '../../../api/json.ts'
import { checkPathSegment } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { listAt, objectsAt, textsAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

function roleRules(namespaced: boolean): NativeRules {
  const validate = (role: KubeObject) =>
    objectsAt(role, 'rules').flatMap((rule, index) => checkRule(rule, indexPath('rules', index), namespaced))
  return { strategy: { validateName: checkPathSegment, createOnUpdate: true, validate, validateUpdate: validate } }
}

function checkRule(rule: JsonObject, path: string, namespaced: boolean): FieldError[] {
  const has = (name: string) => listAt(rule, name).length > 0
  const errors = has('verbs') ? [] : [requiredValue(`${path}.verbs`, 'verbs must contain at least one value')]
  if (has('nonResourceURLs')) {
    const field = `${path}.nonResourceURLs`
    if (namespaced) errors.push(invalidTexts(field, rule, 'namespaced rules cannot apply to non-resource URLs'))
    if (has('apiGroups') || has('resources') || has('resourceNames')) {
      errors.push(invalidTexts(field, rule, 'rules cannot apply to both regular resources and non-resource URLs'))
    }
    return errors
  }
  if (!has('apiGroups')) {
    errors.push(requiredValue(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  }
  if (!has('resources')) {
    errors.push(requiredValue(`${path}.resources`, 'resource rules must supply at least one resource'))
  }
  return errors
}

function invalidTexts(field: string, rule: JsonObject, detail: string): FieldError {
  const texts = textsAt(rule, 'nonResourceURLs').map(text => JSON.stringify(text))
  return {
    field,
    type: 'FieldValueInvalid',
    message: `Invalid value: []string{${texts.join(', ')}}: ${detail}`,
  }
}

export const roleRulesOf = { Role: roleRules(true), ClusterRole: roleRules(false) }
