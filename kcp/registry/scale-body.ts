// The body of a write to /scale: autoscaling/v1 Scale, decoded as Go decodes its own types.
import { goKind, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { scaleApiVersion } from '../../api/patch/apply/scale-fields.ts'
import { goNumberToken, isGoInt32 } from '../schema/go-value.ts'
import { decodeObjectMeta } from '../schema/object-meta.ts'
import { checkName, checkSentNamespace, reportFields, unregistered } from './body-checks.ts'
import { cannotHandle } from './metadata.ts'
import type { WriteTarget } from './parts.ts'

const scaleType = { version: 'v1', kind: 'Scale', origin: 'native' } as const

/** Throws 400 for what is no Scale, or one of another object. Reports unknown and duplicate fields. */
export function readScale(body: JsonValue, target: WriteTarget): JsonObject {
  const sent = isJsonObject(body) ? body : {}
  const { kind = 'Scale', apiVersion = scaleApiVersion } = sent
  if (kind !== 'Scale' || apiVersion !== scaleApiVersion) {
    throw unregistered({ kind: 'Scale' }, { kind: String(kind), apiVersion: String(apiVersion) })
  }
  const unknown: string[] = []
  const decoded = decodeObjectMeta(sent.metadata ?? null, 'Scale')
  if (typeof decoded === 'string') throw cannotHandle(scaleType, decoded)
  const scale: JsonObject = { kind, apiVersion, metadata: decoded.metadata }
  for (const [name, value] of Object.entries(sent)) {
    if (name === 'metadata') unknown.push(...decoded.unknown.map(path => `metadata.${path}`))
    else if (Object.hasOwn(parts, name)) scale[name] = decodePart(name, value ?? null, unknown)
    else if (name !== 'kind' && name !== 'apiVersion') unknown.push(name)
  }
  reportFields(unknown, { ...target, type: scaleType }, Object.keys(sent))
  const { metadata } = decoded
  checkSentNamespace(metadata.namespace, target)
  checkName({ metadata: { name: typeof metadata.name === 'string' ? metadata.name : '' } }, target.name)
  return scale
}

const parts: Readonly<Record<string, { struct: string; members: Readonly<Record<string, 'int32' | 'string'>> }>> = {
  spec: { struct: 'ScaleSpec', members: { replicas: 'int32' } },
  status: { struct: 'ScaleStatus', members: { replicas: 'int32', selector: 'string' } },
}

function decodePart(name: string, value: JsonValue, unknown: string[]): JsonObject {
  const { struct = '', members = {} } = parts[name] ?? {}
  if (value === null) return {}
  if (!isJsonObject(value)) throw refused(goKind(value), `Scale.${name}`, `v1.${struct}`)
  const part: JsonObject = {}
  for (const [member, given] of Object.entries(value)) {
    const type = Object.hasOwn(members, member) ? members[member] : undefined
    if (type === undefined) unknown.push(`${name}.${member}`)
    else if (given !== null && given !== undefined)
      part[member] = decodeMember(given, `${struct}.${name}.${member}`, type)
  }
  return part
}

function decodeMember(value: JsonValue, field: string, type: 'int32' | 'string'): JsonValue {
  if (type === 'string') {
    if (typeof value !== 'string') throw refused(goKind(value), field, type)
  } else if (!isGoInt32(value)) {
    throw refused(goNumberToken(value), field, type)
  }
  return value
}

function refused(found: string, field: string, type: string) {
  return cannotHandle(scaleType, `json: cannot unmarshal ${found} into Go struct field ${field} of type ${type}`)
}
