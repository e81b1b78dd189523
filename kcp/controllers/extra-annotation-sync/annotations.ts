// Which annotations a binding has because of its export. Pure.
import { extraAnnotationPrefix } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'

export function extras(object: KubeObject): Record<string, string> {
  const found = Object.entries(object.metadata.annotations ?? {}).filter(([key]) =>
    key.startsWith(extraAnnotationPrefix),
  )
  return Object.fromEntries(found)
}

/** A merge patch of the annotations; undefined when they are right. */
export function annotationChange(
  binding: KubeObject,
  apiExport: KubeObject,
): Record<string, string | null> | undefined {
  const want = extras(apiExport)
  const have = extras(binding)
  const change: Record<string, string | null> = {}
  for (const [key, value] of Object.entries(want)) if (have[key] !== value) change[key] = value
  for (const key of Object.keys(have)) if (!Object.hasOwn(want, key)) change[key] = null
  return Object.keys(change).length === 0 ? undefined : change
}
