// What users meet when a pod or pod template is wrong. Leaves out: the long tail of volume sources, security contexts
// and affinity.
import type { JsonObject } from '../../../api/json.ts'
import { checkDnsLabel, checkLabelValue, checkQualifiedName } from '../../../api/names/rules.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { duplicateValue, invalidValue, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { listAt, numberAt, objectAt, objectsAt, textAt } from '../members.ts'

const environmentName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/
const environmentText =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"
const portMax = 65535

export function checkPodSpec(spec: JsonObject, path: string): FieldError[] {
  const volumes = new Set(objectsAt(spec, 'volumes').map(volume => textAt(volume, 'name')))
  const errors = checkNames(objectsAt(spec, 'volumes'), `${path}.volumes`)
  if (listAt(spec, 'containers').length === 0) errors.push(requiredValue(`${path}.containers`))
  for (const list of ['containers', 'initContainers']) {
    const containers = objectsAt(spec, list)
    errors.push(...checkNames(containers, `${path}.${list}`))
    containers.forEach((container, index) => {
      errors.push(...checkContainer(container, indexPath(`${path}.${list}`, index), volumes))
    })
  }
  const grace = numberAt(spec, 'terminationGracePeriodSeconds')
  if (grace !== undefined && grace < 0) {
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than or equal to 0'))
  }
  return errors
}

/** Names of containers and volumes: labels, each only once. Missing ones are the schema's finding. */
function checkNames(items: readonly JsonObject[], path: string): FieldError[] {
  const seen = new Set<string>()
  return items.flatMap((item, index) => {
    const field = `${indexPath(path, index)}.name`
    const name = textAt(item, 'name')
    if (item.name === undefined) return []
    if (name === '') return [requiredValue(field)]
    const errors = checkDnsLabel(name).map(text => invalidValue(field, name, text))
    if (seen.has(name)) errors.push(duplicateValue(field, JSON.stringify(name)))
    seen.add(name)
    return errors
  })
}

function checkContainer(container: JsonObject, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const image = textAt(container, 'image')
  const errors: FieldError[] = []
  if (image === '') errors.push(requiredValue(`${path}.image`))
  else if (image !== image.trim()) {
    errors.push(invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace'))
  }
  errors.push(...checkPorts(container, path), ...checkEnvironment(container, path))
  return [...errors, ...checkMounts(container, path, volumes)]
}

function checkPorts(container: JsonObject, path: string): FieldError[] {
  return objectsAt(container, 'ports').flatMap((port, index) => {
    const at = indexPath(`${path}.ports`, index)
    const number = numberAt(port, 'containerPort')
    if (number === undefined || number === 0) return [requiredValue(`${at}.containerPort`)]
    return checkPortNumber(number, `${at}.containerPort`)
  })
}

export function checkPortNumber(number: number, field: string): FieldError[] {
  return number >= 1 && number <= portMax
    ? []
    : [invalidValue(field, number, `must be between 1 and ${portMax}, inclusive`)]
}

function checkEnvironment(container: JsonObject, path: string): FieldError[] {
  return objectsAt(container, 'env').flatMap((variable, index) => {
    const field = `${indexPath(`${path}.env`, index)}.name`
    const name = textAt(variable, 'name')
    if (variable.name === undefined) return []
    if (name === '') return [requiredValue(field)]
    return environmentName.test(name) ? [] : [invalidValue(field, name, environmentText)]
  })
}

function checkMounts(container: JsonObject, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const paths = new Set<string>()
  return objectsAt(container, 'volumeMounts').flatMap((mount, index) => {
    const at = indexPath(`${path}.volumeMounts`, index)
    const name = textAt(mount, 'name')
    const mountPath = textAt(mount, 'mountPath')
    const errors: FieldError[] = []
    if (name !== '' && !volumes.has(name)) {
      errors.push({ field: `${at}.name`, type: 'FieldValueNotFound', message: `Not found: ${JSON.stringify(name)}` })
    }
    if (paths.has(mountPath)) errors.push(invalidValue(`${at}.mountPath`, mountPath, 'must be unique'))
    paths.add(mountPath)
    return errors
  })
}

/** Labels of a template follow the rules of labels of objects. */
export function checkLabels(labels: JsonObject, path: string): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...checkQualifiedName(key).map(text => invalidValue(path, key, text)),
    ...checkLabelValue(String(value)).map(text => invalidValue(path, String(value), text)),
  ])
}

export function checkPodTemplate(template: JsonObject, path: string): FieldError[] {
  return [
    ...checkLabels(objectAt(template, 'metadata', 'labels'), `${path}.metadata.labels`),
    ...checkPodSpec(objectAt(template, 'spec'), `${path}.spec`),
  ]
}
