// Rules that Deployments, ReplicaSets, StatefulSets and DaemonSets share: replicas, selector and template.
import { equalJson, isJsonObject, type JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, notSupported, requiredValue } from '../../schema/field-errors.ts'
import { checkPodTemplate } from '../core/pod-validation.ts'
import { listAt, numberAt, objectAt, objectsAt, textAt, textsAt, valueAt } from '../members.ts'

const templatePath = 'spec.template'

/** `what` names the kind in the text about an empty selector. */
export function checkWorkload(object: KubeObject, what: string): FieldError[] {
  const spec = objectAt(object, 'spec')
  const template = objectAt(spec, 'template')
  const errors = [...checkReplicas(spec), ...checkSelector(spec, what), ...checkPodTemplate(template, templatePath)]
  const policy = textAt(template, 'spec', 'restartPolicy')
  if (policy !== '' && policy !== 'Always') {
    errors.push(notSupported(`${templatePath}.spec.restartPolicy`, policy, ['Always']))
  }
  return errors
}

function checkReplicas(spec: JsonObject): FieldError[] {
  return ['replicas', 'minReadySeconds', 'revisionHistoryLimit'].flatMap(name => {
    const value = numberAt(spec, name)
    if (value === undefined || value >= 0) return []
    return [invalidValue(`spec.${name}`, value, 'must be greater than or equal to 0')]
  })
}

function checkSelector(spec: JsonObject, what: string): FieldError[] {
  if (!isJsonObject(spec.selector)) return [requiredValue('spec.selector')]
  const labels = objectAt(spec, 'template', 'metadata', 'labels')
  const isEmpty =
    Object.keys(objectAt(spec.selector, 'matchLabels')).length + listAt(spec.selector, 'matchExpressions').length === 0
  if (isEmpty) {
    const message = `Invalid value: ${goSelector(spec.selector)}: empty selector is invalid for ${what}`
    return [{ field: 'spec.selector', type: 'FieldValueInvalid', message }]
  }
  if (selectorMatches(spec.selector, labels)) return []
  const message = `Invalid value: ${goLabels(labels)}: \`selector\` does not match template \`labels\``
  return [{ field: `${templatePath}.metadata.labels`, type: 'FieldValueInvalid', message }]
}

export function selectorMatches(selector: JsonObject, labels: JsonObject): boolean {
  const matchLabels = objectAt(selector, 'matchLabels')
  const isEqual = Object.keys(matchLabels).every(key => Object.hasOwn(labels, key) && labels[key] === matchLabels[key])
  return isEqual && objectsAt(selector, 'matchExpressions').every(expression => expressionMatches(expression, labels))
}

function expressionMatches(expression: JsonObject, labels: JsonObject): boolean {
  const key = textAt(expression, 'key')
  const isPresent = Object.hasOwn(labels, key)
  const isListed = isPresent && textsAt(expression, 'values').includes(String(labels[key]))
  switch (textAt(expression, 'operator')) {
    case 'In':
      return isListed
    case 'NotIn':
      return !isListed
    case 'Exists':
      return isPresent
    case 'DoesNotExist':
      return !isPresent
  }
  return false
}

export function checkSelectorKept(object: KubeObject, old: KubeObject): FieldError[] {
  const selector = objectAt(object, 'spec', 'selector')
  if (equalJson(selector, valueAt(old, 'spec', 'selector'))) return []
  const message = `Invalid value: ${goSelector(selector)}: field is immutable`
  return [{ field: 'spec.selector', type: 'FieldValueInvalid', message }]
}

function goLabels(labels: JsonObject): string {
  const keys = Object.keys(labels).sort()
  if (keys.length === 0) return 'map[string]string(nil)'
  return `map[string]string{${keys.map(key => `${JSON.stringify(key)}:${JSON.stringify(labels[key])}`).join(', ')}}`
}

function goSelector(selector: JsonObject): string {
  const expressions = objectsAt(selector, 'matchExpressions').map(expression => {
    const values = textsAt(expression, 'values')
    const list = values.length === 0 ? '(nil)' : `{${values.map(value => JSON.stringify(value)).join(', ')}}`
    const [key, operator] = [textAt(expression, 'key'), textAt(expression, 'operator')].map(text =>
      JSON.stringify(text),
    )
    return `v1.LabelSelectorRequirement{Key:${key}, Operator:${operator}, Values:[]string${list}}`
  })
  const list = expressions.length === 0 ? '(nil)' : `{${expressions.join(', ')}}`
  const labels = goLabels(objectAt(selector, 'matchLabels'))
  return `v1.LabelSelector{MatchLabels:${labels}, MatchExpressions:[]v1.LabelSelectorRequirement${list}}`
}
