// The view a syncer has of a stored object: only what concerns its own SyncTarget. Pure; the stored object stays as it is.
import { isJsonObject, type JsonObject } from '../../../api/json.ts'
import {
  deletionAnnotation,
  softFinalizersAnnotation,
  specDiffAnnotation,
  syncerFinalizer,
  syncerViewAnnotationPrefix,
} from '../../../api/names/kcp-keys.ts'
import type { KubeObject, ObjectMeta } from '../../../api/objects.ts'
import { applyJsonPatch } from '../../../api/patch/json-patch.ts'
import { StatusError } from '../../../api/status-error.ts'
import { parseOrUndefined } from '../parse-annotation.ts'
import { isPromoted, readPath, recordOf, rulesOf, withPath } from './summarizing.ts'

/** `key`: of the SyncTarget. */
export function viewOf(stored: KubeObject, key: string): KubeObject {
  const view = withReportedFields(withSpecDiff(stored, key), key)
  return { ...view, metadata: viewMetadata(stored.metadata, key) }
}

function viewMetadata(stored: ObjectMeta, key: string): ObjectMeta {
  const { finalizers, deletionTimestamp: _, annotations, ...rest } = stored
  const metadata: ObjectMeta = rest
  if (annotations) {
    const shown = Object.entries(annotations).filter(([name]) => !name.startsWith(syncerViewAnnotationPrefix))
    metadata.annotations = Object.fromEntries(shown)
  }
  const own = syncerFinalizer(key)
  if (finalizers?.includes(own)) metadata.finalizers = [own]
  const deletion = annotations?.[deletionAnnotation(key)]
  if (deletion && !annotations?.[softFinalizersAnnotation(key)]) metadata.deletionTimestamp = deletion
  return metadata
}

/** A diff that cannot be applied is left out: dropping the object would look like its deletion. */
function withSpecDiff(stored: KubeObject, key: string): KubeObject {
  const text = stored.metadata.annotations?.[specDiffAnnotation(key)]
  const { spec } = stored
  if (!text || !isJsonObject(spec)) return stored
  const patch = parseOrUndefined(text)
  if (patch === undefined) return stored
  try {
    return { ...stored, spec: applyJsonPatch(spec, patch) }
  } catch (error) {
    if (error instanceof StatusError) return stored
    throw error
  }
}

function withReportedFields(object: KubeObject, key: string): KubeObject {
  const { metadata } = object
  const record = recordOf(metadata, key)
  let view = object as unknown as JsonObject
  for (const { fieldPath, promoted } of rulesOf(metadata)) {
    const reported = Object.hasOwn(record, fieldPath) ? record[fieldPath] : undefined
    if (isPromoted(reported)) continue
    if (reported !== undefined) view = withPath(view, fieldPath, reported)
    else if (promoted && readPath(view, fieldPath) !== undefined) view = withPath(view, fieldPath, undefined)
  }
  return view as unknown as KubeObject
}
