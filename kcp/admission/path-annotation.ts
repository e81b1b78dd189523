// Stamps the canonical path of its logical cluster on objects that others refer to by path.
import { pathAnnotation } from '../../api/names/kcp-keys.ts'
import type { AdmissionDeps, Plugin } from './plugin.ts'

const stamped = ['apiexports.apis.kcp.io', 'locations.scheduling.kcp.io', 'workspacetypes.tenancy.kcp.io']

export function pathAnnotationPlugin({ index }: Pick<AdmissionDeps, 'index'>): Plugin {
  return {
    name: 'kcp.io/PathAnnotation',
    handles: ({ type, operation, subresource, object, old }) =>
      operation !== 'DELETE' &&
      subresource === '' &&
      type.resource !== 'logicalclusters' &&
      (object?.metadata.annotations?.[pathAnnotation] !== undefined ||
        old?.metadata.annotations?.[pathAnnotation] !== undefined ||
        stamped.includes(`${type.resource}.${type.group}`)),
    mutate({ object, context }) {
      if (object === undefined) return
      const path = index.canonicalPath(context.cluster)
      object.metadata.annotations = { ...object.metadata.annotations, [pathAnnotation]: path }
    },
  }
}
