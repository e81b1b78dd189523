// Writes no client can ask for: what the server makes by itself, whole and without being asked, in one commit.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'

/** A new object as it shall be, with its status; a uid that is given is kept. */
export interface NewObject {
  readonly gvr: GroupVersionResource
  readonly object: KubeObject
  /** Objects of a resource with the same text here differ in no key, and in no item of a list that has an owner. */
  readonly shape?: string
}

export interface OwnWrites {
  /** In the order given. Admission is not asked, nothing is checked; rejects with the first failure. */
  create(cluster: string, objects: readonly NewObject[]): Promise<KubeObject[]>
  /** A merge patch of metadata, spec and status in one write, unchecked; refused when the object is another one by now. */
  patch<T extends KubeObject>(gvr: GroupVersionResource, object: T, body: Record<string, unknown>): Promise<T>
}
