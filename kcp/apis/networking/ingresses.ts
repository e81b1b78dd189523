// Ingresses, ingress classes and network policies.
import type { JsonObject } from '../../../api/json.ts'
import { checkDnsSubdomain, checkServiceName } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { ensureObject, listAt, numberAt, objectAt, objectsAt, setDefault, textAt } from '../members.ts'
import { counted, type NativeRules } from '../native-rules.ts'

function validate(ingress: KubeObject): FieldError[] {
  const spec = objectAt(ingress, 'spec')
  const rules = objectsAt(spec, 'rules')
  const errors: FieldError[] = []
  if (rules.length === 0 && spec.defaultBackend === undefined) {
    errors.push(invalidValue('spec', spec, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (spec.defaultBackend !== undefined) {
    errors.push(...checkBackend(objectAt(spec, 'defaultBackend'), 'spec.defaultBackend'))
  }
  rules.forEach((rule, index) => {
    errors.push(...checkRule(rule, indexPath('spec.rules', index)))
  })
  return errors
}

function checkRule(rule: JsonObject, path: string): FieldError[] {
  const host = textAt(rule, 'host')
  const errors = host === '' ? [] : checkHost(host).map(text => invalidValue(`${path}.host`, host, text))
  const paths = objectsAt(rule, 'http', 'paths')
  if (rule.http !== undefined && paths.length === 0) errors.push(requiredValue(`${path}.http.paths`))
  return [...errors, ...paths.flatMap((each, index) => checkPath(each, indexPath(`${path}.http.paths`, index)))]
}

function checkHost(host: string): string[] {
  return checkDnsSubdomain(host.startsWith('*.') ? host.slice(2) : host)
}

function checkPath(each: JsonObject, path: string): FieldError[] {
  const type = textAt(each, 'pathType')
  const url = textAt(each, 'path')
  const errors: FieldError[] = []
  if (type === 'Exact' || type === 'Prefix') {
    if (!url.startsWith('/')) errors.push(invalidValue(`${path}.path`, url, 'must be an absolute path'))
  } else if (type !== '' && url !== '' && !url.startsWith('/')) {
    errors.push(invalidValue(`${path}.path`, url, 'must be an absolute path'))
  }
  return [...errors, ...checkBackend(objectAt(each, 'backend'), `${path}.backend`)]
}

function checkBackend(backend: JsonObject, path: string): FieldError[] {
  if (backend.resource !== undefined) return []
  if (backend.service === undefined) {
    return [requiredValue(path, 'either `service` or `resource` must be specified')]
  }
  const name = textAt(backend, 'service', 'name')
  const field = `${path}.service.name`
  if (name === '') return [requiredValue(field)]
  const errors = checkServiceName(name).map(text => invalidValue(field, name, text))
  const hasPort =
    textAt(backend, 'service', 'port', 'name') !== '' || (numberAt(backend, 'service', 'port', 'number') ?? 0) > 0
  return hasPort ? errors : [...errors, requiredValue(path, 'port name or number is required')]
}

export const ingressRules: NativeRules = {
  defaults(ingress) {
    for (const rule of objectsAt(ingress, 'spec', 'rules')) {
      for (const each of objectsAt(rule, 'http', 'paths')) {
        if (each.pathType === 'ImplementationSpecific' && each.path === undefined) setDefault(each, 'path', '/')
      }
    }
  },
  strategy: {
    prepareForCreate(ingress) {
      ingress.metadata.generation = 1
      ingress.status = { loadBalancer: {} }
    },
    validate,
    validateUpdate: (ingress, _old, subresource) => (subresource === '' ? validate(ingress) : []),
  },
}

export const ingressClassRules: NativeRules = { strategy: counted }

export const networkPolicyRules: NativeRules = {
  defaults(policy) {
    const spec = ensureObject(policy, 'spec')
    if (listAt(spec, 'policyTypes').length === 0) {
      spec.policyTypes = spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']
    }
    const ports = ['ingress', 'egress'].flatMap(list => objectsAt(spec, list).flatMap(rule => objectsAt(rule, 'ports')))
    for (const port of ports) setDefault(port, 'protocol', 'TCP')
  },
  strategy: counted,
}
