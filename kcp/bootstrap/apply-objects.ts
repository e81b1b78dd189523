// Makes objects exist as wanted, cheaply on a restart: one list per kind, then only what is missing or differs is written.
import { equalJson, isJsonObject } from '../../api/json.ts'
import { createOnlyAnnotation } from '../../api/names/kcp-keys.ts'
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { isAlreadyExists } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { listAll } from '../../api-client/resources/list-all.ts'
import { resourceOf } from './resources.ts'

/** Namespaces come first; the rest is written all at once. */
export async function applyObjects(client: Client, objects: readonly KubeObject[]): Promise<void> {
  const isNamespace = (object: KubeObject) => object.kind === 'Namespace'
  await applyTogether(client, objects.filter(isNamespace))
  await applyTogether(
    client,
    objects.filter(object => !isNamespace(object)),
  )
}

async function applyTogether(client: Client, objects: readonly KubeObject[]): Promise<void> {
  const kinds = new Map<string, KubeObject[]>()
  for (const object of objects) kinds.set(object.kind, [...(kinds.get(object.kind) ?? []), object])
  await Promise.all([...kinds.values()].map(sameKind => applyKind(client, sameKind)))
}

async function applyKind(client: Client, objects: readonly KubeObject[]): Promise<void> {
  const [first] = objects
  if (first === undefined) return
  const gvr = resourceOf(first)
  const { items } = await listAll(client, gvr)
  const existing = new Map(items.map(item => [nameOf(item), item]))
  await Promise.all(objects.map(object => applyOne(client, gvr, { object, existing: existing.get(nameOf(object)) })))
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

async function applyOne(
  client: Client,
  gvr: GroupVersionResource,
  { object, existing }: { object: KubeObject; existing: KubeObject | undefined },
): Promise<void> {
  if (existing === undefined) {
    try {
      await client.create(gvr, object)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    return
  }
  const isCreateOnly = object.metadata.annotations?.[createOnlyAnnotation] !== undefined
  if (isCreateOnly || contains(existing, object)) return
  const { name, namespace, labels, annotations } = object.metadata
  const metadata = { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }
  const { apiVersion: _version, kind: _kind, ...content } = object
  const target = { name, ...(namespace ? { namespace } : {}) }
  await client.patch(gvr, target, { type: 'merge', body: { ...content, metadata } })
}

/** Whether everything wanted is there; what others added does not count. */
export function contains(have: unknown, want: unknown): boolean {
  if (!isJsonObject(want)) return equalJson(have, want)
  if (!isJsonObject(have)) return false
  return Object.keys(want).every(key => contains(have[key], want[key]))
}
