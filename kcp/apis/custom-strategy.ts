// The one strategy of everything that is served from a schema: custom resources, bound resources and kcp's own types.
// What it does not say (status endpoint, generation) the registry does alike for all types.
import { isRawNumber, type JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { RequestContext, Strategy, SubresourceType } from '../registry/resource.ts'
import { findByJsonPath, parseJsonPath } from './json-path.ts'
import { asJson, objectsAt, textAt } from './members.ts'
import { checkScale } from './scale-check.ts'

const customStrategy: Strategy = {
  prepareForCreate: (object, context) => warnOfFinalizers(object, [], context),
  prepareForUpdate: (object, old, _subresource, context) =>
    warnOfFinalizers(object, old.metadata.finalizers ?? [], context),
  unconditionalUpdate: false,
  // The syncer's views travel with the status they belong to.
  statusAnnotationPrefix: 'diff.syncer.internal.kcp.io/',
}

/** With what a version of a CRD adds: fields to select by, and numbers of its scale that must be replicas. */
export function strategyOf(version: JsonObject, scale: SubresourceType | undefined): Strategy {
  const fields = objectsAt(version, 'selectableFields').map(entry => textAt(entry, 'jsonPath'))
  if (fields.length === 0 && !scale?.scale) return customStrategy
  const selectable = fields.map(path => [path.replace(/^\./, ''), selectorValue(path)] as const)
  const check = (object: KubeObject) => (scale?.scale ? checkScale(object, scale.scale) : [])
  return {
    ...customStrategy,
    ...(fields.length > 0 ? { selectableFields: Object.fromEntries(selectable) } : {}),
    validate: check,
    validateUpdate: check,
  }
}

function selectorValue(path: string): (object: KubeObject) => string {
  const steps = parseJsonPath(path) ?? []
  return object => {
    const [value] = findByJsonPath(asJson(object), steps)
    if (value === undefined || value === null) return ''
    return isRawNumber(value) ? value.rawJSON : String(value)
  }
}

const plainFinalizers = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])

function warnOfFinalizers({ metadata }: KubeObject, known: readonly string[], context: RequestContext): void {
  const added = metadata.finalizers?.filter(each => !known.includes(each) && !each.includes('/')) ?? []
  for (const each of added.sort()) {
    if (plainFinalizers.has(each)) continue
    const text = 'prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers'
    context.warn(`metadata.finalizers: ${JSON.stringify(each)}: ${text}`)
  }
}
