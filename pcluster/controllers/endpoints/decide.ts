// The Endpoints of a Service: addresses of the pods its selector matches, ready or not. Pure.
import { equalJson } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { type Address, isReady, type Pod, type Service, type ServicePort } from '../../workloads.ts'

/** The object to write; undefined when it is as it should be, or when the Service has no selector (its owner writes them). */
export function decide(
  service: Service,
  pods: readonly Pod[],
  existing: KubeObject | undefined,
): KubeObject | undefined {
  if (!service.spec.selector) return undefined
  const withAddress = pods.filter(pod => pod.status?.podIP && !pod.metadata.deletionTimestamp)
  const ready = withAddress.filter(pod => isReady(pod) || service.spec.publishNotReadyAddresses).map(addressOf)
  const notReady = withAddress.filter(pod => !isReady(pod) && !service.spec.publishNotReadyAddresses).map(addressOf)
  const ports = (service.spec.ports ?? []).map(port => portOf(port, pods))
  const subsets =
    ready.length + notReady.length === 0
      ? []
      : [
          {
            ...(ready.length > 0 ? { addresses: ready } : {}),
            ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
            ...(ports.length > 0 ? { ports } : {}),
          },
        ]
  if (existing && equalJson(existing.subsets ?? [], subsets)) return undefined
  const { name, namespace = '', labels } = service.metadata
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    ...existing,
    metadata: existing?.metadata ?? { name, namespace, ...(labels ? { labels } : {}) },
    ...(subsets.length > 0 ? { subsets } : { subsets: undefined }),
  }
}

function addressOf(pod: Pod): Address {
  const { name, namespace = '', uid = '' } = pod.metadata
  return {
    ip: pod.status?.podIP ?? '',
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: { kind: 'Pod', namespace, name, uid },
  }
}

function portOf(port: ServicePort, pods: readonly Pod[]) {
  const { name, targetPort = port.port, protocol = 'TCP' } = port
  const number = typeof targetPort === 'number' ? targetPort : namedPort(targetPort, pods)
  return { ...(name ? { name } : {}), port: number ?? port.port, protocol }
}

function namedPort(name: string, pods: readonly Pod[]): number | undefined {
  return pods
    .flatMap(pod => pod.spec.containers)
    .flatMap(c => c.ports ?? [])
    .find(port => port.name === name)?.containerPort
}
