// Roles and ClusterRoles: what a rule must say. Leaves out: escalation checks (admission) and aggregation (a controller).
import type { JsonObject } from '../../../api/json.ts'
import { checkPathSegment } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidGoValue, invalidValue, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { listAt, objectsAt, textAt, textsAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

function roleRules(namespaced: boolean): NativeRules {
  const validate = (role: KubeObject) => [
    ...objectsAt(role, 'rules').flatMap((rule, index) => checkRule(rule, indexPath('rules', index), namespaced)),
    ...checkAggregation(role),
  ]
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

const operators = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist'])

function checkAggregation(role: KubeObject): FieldError[] {
  if (role.aggregationRule === undefined || role.aggregationRule === null) return []
  const field = 'aggregationRule.clusterRoleSelectors'
  const selectors = objectsAt(role, 'aggregationRule', 'clusterRoleSelectors')
  if (selectors.length === 0) {
    return [requiredValue(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
  }
  return selectors.flatMap((selector, index) => checkSelector(selector, indexPath(field, index)))
}

function checkSelector(selector: JsonObject, path: string): FieldError[] {
  const errors = objectsAt(selector, 'matchExpressions').flatMap((expression, index) => {
    const operator = textAt(expression, 'operator')
    const field = `${indexPath(`${path}.matchExpressions`, index)}.operator`
    return operators.has(operator) ? [] : [invalidValue(field, operator, 'not a valid selector operator')]
  })
  return errors.length === 0 ? [] : [...errors, invalidGoValue(path, '"null"', 'invalid label selector.')]
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
