// What one addressed virtual workspace serves: its resources, and how objects change on their way through it.
import type { KubeObject } from '../../api/objects.ts'

export interface VirtualResource {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly kind: string
  readonly listKind: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  /** In alphabetical order. */
  readonly verbs: readonly string[]
  /** undefined: no status subresource. */
  readonly statusVerbs: readonly string[] | undefined
  /** Of the export; '' for native resources. */
  readonly identityHash: string
  /** Changes with the definition; watches of an old one end. */
  readonly id: string
}

export interface PlannedWrite {
  readonly subresource: '' | 'status'
  /** Of the second and later writes the resourceVersion is that of the one before. */
  readonly object: KubeObject
}

export interface UpdateRequest {
  readonly stored: KubeObject
  readonly body: KubeObject
  readonly subresource: '' | 'status'
  readonly resource: VirtualResource
}

export interface VirtualWorkspace {
  readonly resources: readonly VirtualResource[]
  /** Objects without this label and value are not there. */
  readonly label: { readonly key: string; readonly value: string }
  /** Changes of a stored object before it is shown. */
  read(stored: KubeObject): KubeObject
  /** What a client's update means for the stored object. */
  planUpdate(request: UpdateRequest): readonly PlannedWrite[]
  /** What is created for a client's object. */
  prepareCreate?(body: KubeObject): KubeObject
}

/** `<resource>:<identity>` as the core is asked for it. */
export function addressOf({ resource, identityHash }: VirtualResource): string {
  return identityHash === '' ? resource : `${resource}:${identityHash}`
}

export function findResource(
  resources: readonly VirtualResource[],
  asked: { readonly group: string; readonly version: string; readonly resource: string },
): VirtualResource | undefined {
  return resources.find(
    ({ group, version, resource }) => group === asked.group && version === asked.version && resource === asked.resource,
  )
}
