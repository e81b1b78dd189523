// Services get a clusterIP and node ports. Nothing routes them: they are there because clients and the syncer look at them.
import type { KubeObject } from '../../api/objects.ts'
import type { AdmissionRequest } from '../../kcp/registry/resource.ts'

interface ServiceSpec {
  type?: string
  clusterIP?: string
  clusterIPs?: string[]
  ports?: { nodePort?: number }[]
}

const nodePortFirst = 30_000
const nodePortCount = 2_768
// 10.96.0.0/16, without the first addresses, which are the API server's and the like.
const addressFirst = 16
const addressCount = 65_000

export function admitServiceAddress(request: AdmissionRequest, random: () => number): void {
  const { type, operation, subresource, object, old } = request
  if (type.group !== '' || type.resource !== 'services' || subresource !== '' || !object) return
  const spec = object.spec as ServiceSpec | undefined
  if (!spec || spec.type === 'ExternalName') return
  const before = operation === 'UPDATE' ? specOf(old) : undefined
  spec.clusterIP ||= before?.clusterIP || randomAddress(random)
  spec.clusterIPs ??= [spec.clusterIP]
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return
  spec.ports?.forEach((port, i) => {
    port.nodePort ||= before?.ports?.[i]?.nodePort || nodePortFirst + Math.floor(random() * nodePortCount)
  })
}

function specOf(object: KubeObject | undefined): ServiceSpec | undefined {
  return object?.spec as ServiceSpec | undefined
}

function randomAddress(random: () => number): string {
  const number = addressFirst + Math.floor(random() * addressCount)
  return `10.96.${number >> 8}.${number & 255}`
}
