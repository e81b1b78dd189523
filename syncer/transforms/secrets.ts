// A token secret becomes an opaque one: the physical cluster's token controller would fill or delete it otherwise.
import type { KubeObject } from '../../api/objects.ts'

const nameAnnotation = 'kubernetes.io/service-account.name'
const uidAnnotation = 'kubernetes.io/service-account.uid'

export function transformSecret(secret: KubeObject): KubeObject {
  const { annotations, ...metadata } = secret.metadata
  if (annotations?.[nameAnnotation] === undefined) return secret
  const { [nameAnnotation]: _name, [uidAnnotation]: _uid, ...kept } = annotations
  const some = Object.keys(kept).length > 0 ? { annotations: kept } : {}
  return { ...secret, type: 'Opaque', metadata: { ...metadata, ...some } }
}
