// Who depends on whom, by uid. Only objects with ownerReferences are kept, so objects without them cost nothing.
import type { OwnerReference } from '../../../api/objects.ts'

/** Enough to find the object again. */
export interface DependentNode {
  readonly key: string
  readonly owners: readonly { readonly uid: string; readonly blocks: boolean }[]
}

export interface OwnerGraph {
  /** Returns uids of owners it did not have before. */
  set(key: string, references: readonly OwnerReference[]): string[]
  /** Returns uids of the owners it had. */
  remove(key: string): string[]
  dependentsOf(uid: string): readonly string[]
  /** Dependents the owner must outlive when it is deleted in the foreground. */
  blockersOf(uid: string): readonly string[]
  /** The object is being deleted and waits for its dependents; undefined: it does not. */
  setWaiting(key: string, uid: string | undefined): void
  /** Whether the owner waits for objects that, in the end, wait for it. */
  isWaitingForItself(uid: string): boolean
  keys(): IterableIterator<string>
  readonly size: number
  clear(): void
}

export function createOwnerGraph(): OwnerGraph {
  const nodes = new Map<string, DependentNode['owners']>()
  const dependents = new Map<string, Set<string>>()
  /** Uids of those who wait for their dependents. */
  const waiting = new Map<string, string>()
  const blockersOf = (uid: string) =>
    [...(dependents.get(uid) ?? [])].filter(key => nodes.get(key)?.some(owner => owner.uid === uid && owner.blocks))
  const unlink = (key: string, uid: string) => {
    const keys = dependents.get(uid)
    keys?.delete(key)
    if (keys?.size === 0) dependents.delete(uid)
  }
  const remove = (key: string): string[] => {
    const owners = nodes.get(key) ?? []
    for (const { uid } of owners) unlink(key, uid)
    nodes.delete(key)
    return owners.map(({ uid }) => uid)
  }
  return {
    set(key, references) {
      const before = new Set(remove(key))
      if (references.length === 0) return []
      const owners = references.map(({ uid, blockOwnerDeletion }) => ({ uid, blocks: blockOwnerDeletion === true }))
      nodes.set(key, owners)
      for (const { uid } of owners) dependents.set(uid, (dependents.get(uid) ?? new Set()).add(key))
      return owners.map(({ uid }) => uid).filter(uid => !before.has(uid))
    },
    remove,
    dependentsOf: uid => [...(dependents.get(uid) ?? [])],
    blockersOf,
    setWaiting(key, uid) {
      if (uid === undefined) waiting.delete(key)
      else waiting.set(key, uid)
    },
    isWaitingForItself(uid) {
      if (!waiting.size) return false
      const seen = new Set<string>()
      const next = [uid]
      for (let each = next.pop(); each !== undefined; each = next.pop()) {
        for (const blocker of blockersOf(each)) {
          const found = waiting.get(blocker)
          if (found === uid) return true
          if (found === undefined || seen.has(found)) continue
          seen.add(found)
          next.push(found)
        }
      }
      return false
    },
    keys: () => nodes.keys(),
    get size() {
      return nodes.size
    },
    clear() {
      nodes.clear()
      dependents.clear()
      waiting.clear()
    },
  }
}
