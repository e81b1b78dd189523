// The one strategy of everything that is served from a schema: custom resources, bound resources and kcp's own types.
// What it does not say (status endpoint, generation) the registry does alike for all types.
import type { Strategy } from '../registry/resource.ts'

export const customStrategy: Strategy = {
  unconditionalUpdate: false,
  // The syncer's views travel with the status they belong to.
  statusAnnotationPrefix: 'diff.syncer.internal.kcp.io/',
}
