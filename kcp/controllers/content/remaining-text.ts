// What is left, in the words of Kubernetes' conditions.
import type { Remains } from './delete-content.ts'

/** `configmaps. has 1 resource instances, widgets.ex.io has 2 resource instances`; the core group keeps its dot. */
export function resourcesText(remains: readonly Remains[]): string {
  const texts = remains.map(({ gvr, count }) => {
    const [resource] = gvr.resource.split(':')
    return `${resource}.${gvr.group} has ${count} resource instances`
  })
  return `Some resources are remaining: ${texts.sort().join(', ')}`
}

/** '' when nothing that is left has a finalizer. */
export function finalizersText(remains: readonly Remains[], place: string): string {
  const counts = new Map<string, number>()
  for (const { finalizers } of remains) {
    for (const [name, count] of finalizers) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  if (counts.size === 0) return ''
  const texts = [...counts].map(([name, count]) => `${name} in ${count} resource instances`)
  return `Some content in the ${place} has finalizers remaining: ${texts.sort().join(', ')}`
}
