// The way from client-side to server-side apply, for the manager `kubectl` only: what the last-applied annotation
// says may be taken over without conflict, and the annotation follows what is applied.
import { goJson } from '../../go-json.ts'
import { isJsonObject, type JsonObject, type JsonValue, parseJson, setOwn } from '../../json.ts'
import type { KubeObject } from '../../objects.ts'
import type { Topology } from '../topology.ts'
import { checkTyped } from './check-typed.ts'
import { compare } from './compare.ts'
import { fieldSet } from './field-set.ts'
import { difference, type Fields, noFields } from './fields.ts'
import { untracked } from './update-managed-fields.ts'

const annotationsBytesLimit = 256 * 1024
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** Fields of the annotation that are still as it says. */
export function allowedByLastApplied(
  live: KubeObject | undefined,
  topology: Topology | undefined,
  apiVersion: string,
): Fields {
  const text = live?.metadata.annotations?.[lastAppliedAnnotation]
  const last = text === undefined || text === '' ? undefined : parseObject(text)
  if (last === undefined || last.apiVersion !== apiVersion || checkTyped(last, topology) !== undefined) return noFields
  const { added, removed, modified } = compare(last, untracked(live), topology)
  return [modified, added, removed].reduce(difference, fieldSet(last, topology))
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text)
    return isJsonObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The object with its annotation brought up to date; as it is when it has none. */
export function withLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  const { metadata } = object
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined
  if (!isJsonObject(metadata) || !isJsonObject(annotations) || !annotations[lastAppliedAnnotation]) return object
  const { [lastAppliedAnnotation]: _, ...others } = annotations
  const text = `${goJson(sortMembers(withoutAnnotation(applied)))}\n`
  const bytes = Object.entries({ ...others, [lastAppliedAnnotation]: text })
    .flat()
    .join('').length
  // One that does not fit is dropped.
  const fitting = bytes > annotationsBytesLimit ? others : { ...others, [lastAppliedAnnotation]: text }
  return { ...object, metadata: { ...metadata, annotations: fitting } }
}

function withoutAnnotation(applied: JsonObject): JsonObject {
  const { metadata } = applied
  if (!isJsonObject(metadata) || !isJsonObject(metadata.annotations)) return applied
  const { [lastAppliedAnnotation]: _, ...annotations } = metadata.annotations
  return { ...applied, metadata: { ...metadata, annotations } }
}

export function sortMembers(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortMembers)
  if (!isJsonObject(value)) return value
  const sorted: JsonObject = {}
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member !== undefined) setOwn(sorted, key, sortMembers(member))
  }
  return sorted
}
