// One generic registry serves every resource type: the REST verbs over the store. It promises Kubernetes' rules for any
// type; what is special about a kind comes with its strategy. Leaves out: HTTP, authorization, which types exist.
import { randomInt, randomUUID } from 'node:crypto'
import type { JsonValue } from '../../api/json.ts'
import { randomSuffix } from '../../api/names/generate-name.ts'
import type { KubeObject, ObjectKey } from '../../api/objects.ts'
import type { Store } from '../storage/store.ts'
import { createObject, createOwn, type OwnTarget } from './create.ts'
import { type DeleteOptions, type DeleteResult, deleteObject } from './delete.ts'
import { deleteCollection } from './delete-collection.ts'
import { type GetOptions, getObject } from './get.ts'
import type { ObjectRange } from './keys.ts'
import { type ListedObjects, type ListOptions, listObjects } from './list.ts'
import { type Change, updateOwn, type WriteResult } from './modify.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'
import { type PatchBody, patchObject } from './patch.ts'
import type { Admission, ResourceType } from './resource.ts'
import type { StoredObject } from './stored-object.ts'
import { updateObject } from './update.ts'
import { type ObjectWatch, type WatchOptions, watchObjects } from './watch.ts'

export interface RegistryOptions {
  readonly store: Store
  readonly admission: Admission
  /** Stamp `kcp.io/cluster` on every object. */
  readonly annotatesCluster: boolean
  readonly newUid?: () => string
  readonly nameSuffix?: () => string
}

export interface Registry {
  get(target: { type: ResourceType } & ObjectKey, options?: GetOptions): Promise<StoredObject>
  list(range: ObjectRange, options: ListOptions): Promise<ListedObjects>
  watch(range: ObjectRange, options: WatchOptions): ObjectWatch
  create(target: WriteTarget, body: JsonValue): Promise<StoredObject>
  /** What the server itself makes: with its status, unasked and unchecked. Changes the object. */
  createOwn(target: OwnTarget, object: KubeObject): Promise<StoredObject>
  /** The same for a change of an object that was read: refused when it is another one by now. */
  updateOwn(target: WriteTarget, change: Change): Promise<KubeObject>
  update(target: WriteTarget, body: JsonValue): Promise<WriteResult>
  patch(target: WriteTarget, patch: PatchBody): Promise<WriteResult>
  delete(target: WriteTarget, options: DeleteOptions): Promise<DeleteResult>
  deleteCollection(target: WriteTarget, options: { list: ListOptions; delete: DeleteOptions }): Promise<ListedObjects>
}

/** For servers whose types need no admission, and for tests. */
export const admitAll: Admission = { mutate: async () => {}, validate: async () => {} }

const randomSteps = 2 ** 32

export function createRegistry(options: RegistryOptions): Registry {
  const { store } = options
  const parts: RegistryParts = {
    store,
    admission: options.admission,
    annotatesCluster: options.annotatesCluster,
    newUid: options.newUid ?? randomUUID,
    nameSuffix: options.nameSuffix ?? (() => randomSuffix(() => randomInt(randomSteps) / randomSteps)),
  }
  return {
    get: (target, getOptions) => getObject(store, target, getOptions),
    list: (range, listOptions) => listObjects(store, range, listOptions),
    watch: (range, watchOptions) => watchObjects(store, range, watchOptions),
    create: (target, body) => createObject(parts, target, body),
    createOwn: (target, object) => createOwn(parts, target, object),
    updateOwn: (target, change) => updateOwn(parts, target, change),
    update: (target, body) => updateObject(parts, target, body),
    patch: (target, patch) => patchObject(parts, target, patch),
    delete: (target, deleteOptions) => deleteObject(parts, target, deleteOptions),
    deleteCollection: (target, collectionOptions) => deleteCollection(parts, target, collectionOptions),
  }
}
