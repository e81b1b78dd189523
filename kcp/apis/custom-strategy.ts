// The one strategy of everything that is served from a schema: custom resources, bound resources and kcp's own types.
// What it does not say (status endpoint, generation) the registry does alike for all types.
import type { KubeObject } from '../../api/objects.ts'
import type { RequestContext, Strategy } from '../registry/resource.ts'

export const customStrategy: Strategy = {
  prepareForCreate: (object, context) => warnOfFinalizers(object, [], context),
  prepareForUpdate: (object, old, _subresource, context) =>
    warnOfFinalizers(object, old.metadata.finalizers ?? [], context),
  unconditionalUpdate: false,
  // The syncer's views travel with the status they belong to.
  statusAnnotationPrefix: 'diff.syncer.internal.kcp.io/',
}

const plainFinalizers = new Set(['orphan', 'foregroundDeletion'])

function warnOfFinalizers({ metadata }: KubeObject, known: readonly string[], context: RequestContext): void {
  const added = metadata.finalizers?.filter(each => !known.includes(each) && !each.includes('/')) ?? []
  for (const each of added.sort()) {
    if (plainFinalizers.has(each)) continue
    const text = 'prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers'
    context.warn(`metadata.finalizers: ${JSON.stringify(each)}: ${text}`)
  }
}
