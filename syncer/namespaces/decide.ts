// Which downstream namespace belongs to an upstream one, and when a namespace may go. Pure.
import {
  downstreamNamespaceName,
  equalNamespaceLocators,
  formatNamespaceLocator,
  type NamespaceLocator,
  parseNamespaceLocator,
  tenantId,
} from '../../api/names/namespace-locator.ts'

/** What a namespace says of itself: a locator, none, or one that cannot be read. */
export type LocatorAnnotation =
  | { readonly type: 'locator'; readonly locator: NamespaceLocator }
  | { readonly type: 'none' }
  | { readonly type: 'unreadable'; readonly problem: string }

export interface NamespaceRecord {
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly located: LocatorAnnotation
  /** The labels by which it is followed, and grouped with those of its workspace, are there and right. */
  readonly isLabelled: boolean
  readonly isTerminating: boolean
}

export function readLocator(annotation: string | undefined): LocatorAnnotation {
  if (annotation === undefined) return { type: 'none' }
  try {
    return { type: 'locator', locator: parseNamespaceLocator(annotation) }
  } catch (error) {
    return { type: 'unreadable', problem: error instanceof Error ? error.message : String(error) }
  }
}

export interface ObservedNamespaces {
  readonly locator: NamespaceLocator
  /** Those whose locator equals. */
  readonly matching: readonly NamespaceRecord[]
  /** The one that has the computed name; asked for only when none matches. */
  readonly named: NamespaceRecord | undefined
}

export type NamespaceDecision =
  | { readonly type: 'use'; readonly name: string }
  | { readonly type: 'create'; readonly name: string }
  | { readonly type: 'label'; readonly name: string; readonly uid: string; readonly tenantId: string }
  | { readonly type: 'wait'; readonly reason: string }
  | { readonly type: 'collision'; readonly message: string }

export function decideNamespace({ locator, matching, named }: ObservedNamespaces): NamespaceDecision {
  if (matching.length > 1) {
    const names = matching.map(({ name }) => name).sort()
    const upstream = `${locator.cluster}|${locator.namespace}`
    const problem = `found multiple downstream namespaces: ${names.join(',')} for upstream namespace ${upstream}`
    return collision(problem)
  }
  const found = matching[0] ?? named
  if (!found) return { type: 'create', name: downstreamNamespaceName(locator) }
  const problem = ownershipProblem(found, locator)
  if (problem) return problem
  if (found.isTerminating) return { type: 'wait', reason: `namespace ${found.name} is being deleted` }
  if (!found.isLabelled) return { type: 'label', name: found.name, uid: found.uid, tenantId: tenantId(locator) }
  return { type: 'use', name: found.name }
}

function ownershipProblem(
  { name, located }: NamespaceRecord,
  locator: NamespaceLocator,
): NamespaceDecision | undefined {
  if (located.type === 'none') return collision(`namespace ${name} has no namespace locator`)
  if (located.type === 'unreadable') {
    return collision(`namespace ${name} has a namespace locator that cannot be read: ${located.problem}`, 'possible ')
  }
  if (equalNamespaceLocators(located.locator, locator)) return undefined
  const other = formatNamespaceLocator(located.locator)
  return collision(`namespace ${name} already exists, but has a different namespace locator annotation: ${other}`)
}

function collision(problem: string, possible = ''): NamespaceDecision {
  return { type: 'collision', message: `(${possible}namespace collision) ${problem}` }
}

/** The upstream namespace of a downstream one; undefined when it is not one of this SyncTarget. */
export function ownLocator(
  record: NamespaceRecord | undefined,
  syncTarget: { readonly cluster: string; readonly uid: string },
): NamespaceLocator | undefined {
  if (record?.located.type !== 'locator') return undefined
  const { locator } = record.located
  return locator.syncTarget.uid === syncTarget.uid && locator.syncTarget.cluster === syncTarget.cluster
    ? locator
    : undefined
}

export interface ObservedCleaning {
  readonly isOurs: boolean
  readonly isTerminating: boolean
  /** Undefined: not known yet. */
  readonly isUpstreamNamespaceThere: boolean | undefined
  readonly syncedObjects: number | undefined
}

/** A namespace goes only when both sides are known to hold nothing of it any more. */
export function decideCleaning(observed: ObservedCleaning): 'leave' | 'ask-again' | 'delete' {
  if (!observed.isOurs || observed.isTerminating) return 'leave'
  if (observed.isUpstreamNamespaceThere === undefined || observed.syncedObjects === undefined) return 'ask-again'
  if (observed.isUpstreamNamespaceThere) return 'leave'
  return observed.syncedObjects === 0 ? 'delete' : 'ask-again'
}
