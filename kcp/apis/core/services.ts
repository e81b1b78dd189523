// Services: ports, type and address families. Leaves out: choosing clusterIP and nodePort (the cluster does).
import { equalJson, type JsonObject } from '../../../api/json.ts'
import { checkServiceName } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { duplicateValue, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { ensureObject, listAt, numberAt, objectAt, objectsAt, setDefault, textAt, textsAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { checkLabels, checkPortNumber } from './pod-validation.ts'

const affinitySecondsDefault = 10_800

function defaults(service: JsonObject): void {
  const spec = ensureObject(service, 'spec')
  setDefault(spec, 'sessionAffinity', 'None')
  setDefault(spec, 'type', 'ClusterIP')
  if (spec.sessionAffinity === 'ClientIP') {
    const clientIP = ensureObject(ensureObject(spec, 'sessionAffinityConfig'), 'clientIP')
    setDefault(clientIP, 'timeoutSeconds', affinitySecondsDefault)
  }
  for (const port of objectsAt(spec, 'ports')) {
    setDefault(port, 'protocol', 'TCP')
    if (port.port !== undefined && (port.targetPort === undefined || port.targetPort === 0)) port.targetPort = port.port
  }
  const type = textAt(spec, 'type')
  if (type === 'ExternalName') return
  setDefault(spec, 'internalTrafficPolicy', 'Cluster')
  if (type !== 'ClusterIP') setDefault(spec, 'externalTrafficPolicy', 'Cluster')
  if (type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === undefined) {
    spec.allocateLoadBalancerNodePorts = true
  }
}

/** Allocated, not defaulted: nobody owns them who has not named them. */
function allocateFamilies(spec: JsonObject): void {
  if (textAt(spec, 'type') === 'ExternalName') return
  if (listAt(spec, 'ipFamilies').length === 0) spec.ipFamilies = ['IPv4']
  setDefault(spec, 'ipFamilyPolicy', 'SingleStack')
  copyAddress(spec)
}

/** clusterIP and the first of clusterIPs are one thing. */
function copyAddress(spec: JsonObject): void {
  const address = textAt(spec, 'clusterIP')
  const [first] = textsAt(spec, 'clusterIPs')
  if (address !== '' && first === undefined) spec.clusterIPs = [address]
  else if (address === '' && first !== undefined) spec.clusterIP = first
}

function validate(service: KubeObject): FieldError[] {
  const spec = objectAt(service, 'spec')
  const type = textAt(spec, 'type')
  const ports = objectsAt(spec, 'ports')
  const errors: FieldError[] = []
  if (ports.length === 0 && textAt(spec, 'clusterIP') !== 'None' && type !== 'ExternalName') {
    errors.push(requiredValue('spec.ports'))
  }
  if (type === 'ExternalName' && textAt(spec, 'externalName') === '') errors.push(requiredValue('spec.externalName'))
  ports.forEach((port, index) => {
    errors.push(...checkPort(port, indexPath('spec.ports', index), ports.length > 1))
  })
  return [...errors, ...checkTwice(ports), ...checkLabels(objectAt(spec, 'selector'), 'spec.selector')]
}

function checkPort(port: JsonObject, path: string, needsName: boolean): FieldError[] {
  const errors = needsName && textAt(port, 'name') === '' ? [requiredValue(`${path}.name`)] : []
  errors.push(...checkPortNumber(numberAt(port, 'port') ?? 0, `${path}.port`))
  const target = numberAt(port, 'targetPort')
  return target === undefined ? errors : [...errors, ...checkPortNumber(target, `${path}.targetPort`)]
}

function checkTwice(ports: readonly JsonObject[]): FieldError[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const name = textAt(port, 'name')
    const isTwice = name !== '' && names.has(name)
    names.add(name)
    return isTwice ? [duplicateValue(`${indexPath('spec.ports', index)}.name`, JSON.stringify(name))] : []
  })
}

function checkAddressKept(service: KubeObject, old: KubeObject): FieldError[] {
  const now = textsAt(service, 'spec', 'clusterIPs')
  const before = textsAt(old, 'spec', 'clusterIPs')
  const types = [textAt(service, 'spec', 'type'), textAt(old, 'spec', 'type')]
  if (before.length === 0 || types.includes('ExternalName') || equalJson(now, before)) return []
  const shown = now.map(address => JSON.stringify(address)).join(', ')
  const message = `Invalid value: []string{${shown}}: may not change once set`
  return [{ field: 'spec.clusterIPs[0]', type: 'FieldValueInvalid', message }]
}

export const serviceRules: NativeRules = {
  defaults,
  strategy: {
    validateName: checkServiceName,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} }
      allocateFamilies(objectAt(service, 'spec'))
    },
    /** Clients that send no address mean the one it has. */
    prepareForUpdate(service, old, subresource) {
      const spec = objectAt(service, 'spec')
      if (subresource !== '' || textAt(spec, 'type') === 'ExternalName') return
      const before = objectAt(old, 'spec')
      if (textAt(spec, 'clusterIP') === '' && before.clusterIP !== undefined) {
        Object.assign(spec, { clusterIP: before.clusterIP, clusterIPs: [...listAt(before, 'clusterIPs')] })
      }
      allocateFamilies(spec)
    },
    validate,
    validateUpdate: (service, old, subresource) =>
      subresource === '' ? [...checkAddressKept(service, old), ...validate(service)] : [],
    selectableFields: {
      'spec.clusterIP': service => textAt(service, 'spec', 'clusterIP'),
      'spec.type': service => textAt(service, 'spec', 'type'),
    },
  },
}
