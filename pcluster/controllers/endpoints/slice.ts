// The one EndpointSlice of a Service, from its Endpoints: what kubectl since 1.31 and ingress controllers read. Pure.
import { equalJson } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { Address, Service, Subset } from '../../workloads.ts'

/** Needs the Endpoints as they shall be; undefined when the slice is as it should be. */
export function decideSlice(
  service: Service,
  wantedEndpoints: KubeObject,
  existing: KubeObject | undefined,
): KubeObject | undefined {
  const subsets = (wantedEndpoints.subsets ?? []) as readonly Subset[]
  const endpoints = subsets.flatMap(({ addresses = [], notReadyAddresses = [] }) => [
    ...addresses.map(address => endpointOf(address, true)),
    ...notReadyAddresses.map(address => endpointOf(address, false)),
  ])
  const ports = (subsets[0]?.ports ?? []).map(port => ({ name: '', ...port }))
  if (existing && equalJson(existing.endpoints ?? [], endpoints) && equalJson(existing.ports ?? [], ports))
    return undefined
  const { name, namespace = '', labels, uid = '' } = service.metadata
  const owner = { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: existing?.metadata ?? {
      name,
      namespace,
      labels: {
        ...labels,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [owner],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  }
}

function endpointOf({ ip, nodeName, targetRef }: Address, ready: boolean) {
  return {
    addresses: [ip],
    conditions: { ready, serving: ready, terminating: false },
    targetRef,
    ...(nodeName ? { nodeName } : {}),
  }
}
