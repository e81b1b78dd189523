// Names that differ downstream, because the physical cluster makes objects of the same name itself.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'

const serviceAccountAnnotation = 'kubernetes.io/service-account.name'

export function downstreamName(gvr: GroupVersionResource, view: KubeObject): string {
  const { name, annotations } = view.metadata
  if (isCore(gvr, 'configmaps') && name === 'kube-root-ca.crt') return 'kcp-root-ca.crt'
  const isDefaultToken = name.startsWith('default-token-') && annotations?.[serviceAccountAnnotation] === 'default'
  return isCore(gvr, 'secrets') && isDefaultToken ? `kcp-${name}` : name
}

export function upstreamName(gvr: GroupVersionResource, name: string): string {
  if (isCore(gvr, 'configmaps') && name === 'kcp-root-ca.crt') return 'kube-root-ca.crt'
  return isCore(gvr, 'secrets') && name.startsWith('kcp-default-token') ? name.slice('kcp-'.length) : name
}

/** Of an object that is gone upstream: its annotations, which would tell the name, are gone too. */
export function possibleDownstreamNames(gvr: GroupVersionResource, name: string): string[] {
  if (isCore(gvr, 'configmaps') && name === 'kube-root-ca.crt') return ['kcp-root-ca.crt']
  return isCore(gvr, 'secrets') && name.startsWith('default-token-') ? [`kcp-${name}`, name] : [name]
}

function isCore(gvr: GroupVersionResource, resource: string): boolean {
  return gvr.group === '' && gvr.version === 'v1' && gvr.resource === resource
}
