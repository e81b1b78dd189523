// Tables of services, ingresses and network policies.
import type { KubeObject } from '../../../api/objects.ts'
import type { TableType } from '../../registry/resource.ts'
import { numberAt, objectAt, objectsAt, textAt, textsAt } from '../members.ts'
import { ageColumn, column, createTable, formatLabels, formatSelector, nameColumn, textOr, wide } from './table.ts'

export const serviceTable: TableType = createTable([
  nameColumn,
  column('Type', object => textAt(object, 'spec', 'type')),
  column('Cluster-IP', object =>
    textOr(textsAt(object, 'spec', 'clusterIPs')[0] ?? textAt(object, 'spec', 'clusterIP')),
  ),
  column('External-IP', object => externalAddress(object)),
  column('Port(s)', object => servicePorts(object)),
  ageColumn,
  wide('Selector', object => formatLabels(objectAt(object, 'spec', 'selector'))),
])

function externalAddress(object: KubeObject): string {
  const addresses = textsAt(object, 'spec', 'externalIPs')
  const type = textAt(object, 'spec', 'type')
  if (type === 'ExternalName') return textAt(object, 'spec', 'externalName')
  if (type !== 'LoadBalancer') return textOr(addresses.join(','))
  return textOr([...balancerAddresses(object), ...addresses].join(','), '<pending>')
}

function balancerAddresses(object: KubeObject): string[] {
  return objectsAt(object, 'status', 'loadBalancer', 'ingress').map(
    ingress => textAt(ingress, 'ip') || textAt(ingress, 'hostname'),
  )
}

function servicePorts(object: KubeObject): string {
  const texts = objectsAt(object, 'spec', 'ports').map(port => {
    const nodePort = numberAt(port, 'nodePort') ?? 0
    const number = `${numberAt(port, 'port') ?? 0}${nodePort > 0 ? `:${nodePort}` : ''}`
    return `${number}/${textAt(port, 'protocol')}`
  })
  return textOr(texts.join(','))
}

export const ingressTable: TableType = createTable([
  nameColumn,
  column('Class', object => textOr(textAt(object, 'spec', 'ingressClassName'))),
  column('Hosts', object => ingressHosts(object)),
  column('Address', object => balancerAddresses(object).join(',')),
  column('Ports', object => (objectsAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
  ageColumn,
])

const hostsShownMax = 3

function ingressHosts(object: KubeObject): string {
  const hosts = objectsAt(object, 'spec', 'rules').map(rule => textAt(rule, 'host') || '*')
  if (hosts.length === 0) return '*'
  const shown = hosts.slice(0, hostsShownMax).join(',')
  return hosts.length > hostsShownMax ? `${shown} + ${hosts.length - hostsShownMax} more...` : shown
}

export const ingressClassTable: TableType = createTable([
  nameColumn,
  column('Controller', object => textAt(object, 'spec', 'controller')),
  column('Parameters', object => {
    const parameters = objectAt(object, 'spec', 'parameters')
    const kind = textAt(parameters, 'kind')
    if (kind === '') return '<none>'
    const group = textAt(parameters, 'apiGroup')
    return `${group === '' ? kind : `${kind}.${group}`}/${textAt(parameters, 'name')}`
  }),
  ageColumn,
])

export const networkPolicyTable: TableType = createTable([
  nameColumn,
  column('Pod-Selector', object => formatSelector(objectAt(object, 'spec', 'podSelector'))),
  ageColumn,
])
