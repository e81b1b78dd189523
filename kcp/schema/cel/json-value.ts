// Values of rules from JSON, typed by their schema and made when they are looked at.
import { getOwn, isJsonObject, isRawNumber, type JsonObject, type JsonValue, numberValue } from '../../../api/json.ts'
import { escapeName } from './field-names.ts'
import type { Shape } from './shape.ts'
import { parseDay, parseLooseDuration, parseTimestamp } from './time-values.ts'
import { fail, type ListValue, type MapValue, type Result, type Value } from './values.ts'

/** Names of the members of objects, listed once in a check. */
export type NamesOf = (object: JsonObject) => readonly string[]

export function createNamesOf(): NamesOf {
  const known = new WeakMap<JsonObject, readonly string[]>()
  return object => {
    let names = known.get(object)
    if (names === undefined) {
      names = Object.keys(object)
      known.set(object, names)
    }
    return names
  }
}

export function fromJson(value: JsonValue | undefined, shape: Shape, namesOf: NamesOf): Result {
  if (value === null || value === undefined) {
    return shape.node.nullable ? null : fail('invalid data, got null for schema with nullable=false')
  }
  switch (shape.form) {
    case 'int-or-string':
      if (typeof value === 'string') return value
      return wholeOf(value) ?? fail('invalid data, expected XIntOrString value to be either a string or integer')
    case 'object':
      return isJsonObject(value) ? objectValue(value, shape, namesOf) : wrongType('a map', 'object')
    case 'map':
      return isJsonObject(value) ? entriesValue(value, shape, namesOf) : wrongType('a map', 'object')
    case 'list':
      return Array.isArray(value) ? itemsValue(value, shape, namesOf) : wrongType('an array', 'array')
    case 'scalar':
      return scalarValue(value, shape)
  }
}

const wrongType = (wanted: string, type: string) =>
  fail(`invalid data, expected ${wanted} for the provided schema with type=${type}`)

function wholeOf(value: JsonValue): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  return isRawNumber(value) && /^-?\d+$/.test(value.rawJSON) ? BigInt(value.rawJSON) : undefined
}

function scalarValue(value: JsonValue, { node, type }: Shape): Result {
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? value : fail('invalid data, expected bool')
    case 'int':
      return wholeOf(value) ?? fail('invalid data, expected int, got float64')
    case 'double':
      return numberValue(value) ?? fail('invalid data, expected float')
  }
  if (typeof value !== 'string') return fail('invalid data, expected string')
  switch (type.kind) {
    case 'bytes':
      return new Uint8Array(Buffer.from(value, 'base64'))
    case 'duration':
      return parseLooseDuration(value) ?? fail(`Invalid duration ${value}`)
    case 'timestamp':
      if (node.raw.format === 'date') return parseDay(value) ?? fail(`Invalid date formatted string ${value}`)
      return parseTimestamp(value) ?? fail(`Invalid date-time formatted string ${value}`)
  }
  return value
}

function itemsValue(items: readonly JsonValue[], shape: Shape, namesOf: NamesOf): ListValue {
  const { element } = shape
  const listType = shape.node.raw['x-kubernetes-list-type']
  const names = shape.node.raw['x-kubernetes-list-map-keys']
  return {
    tag: 'list',
    size: items.length,
    at: index => (element === undefined ? null : fromJson(items[index], element, namesOf)),
    listType: listType === 'set' || listType === 'map' ? listType : 'atomic',
    keyNames: Array.isArray(names) ? names.map(name => escapeName(String(name)) ?? String(name)) : [],
  }
}

function entriesValue(object: JsonObject, { element }: Shape, namesOf: NamesOf): MapValue {
  return {
    tag: 'map',
    get size() {
      return namesOf(object).length
    },
    get(key) {
      if (typeof key !== 'string') return fail('no such overload')
      const member = getOwn(object, key)
      return member === undefined || element === undefined ? undefined : fromJson(member, element, namesOf)
    },
    keys: () => namesOf(object),
  }
}

function objectValue(object: JsonObject, { fields, properties }: Shape, namesOf: NamesOf): MapValue {
  return {
    tag: 'map',
    get size() {
      return namesOf(object).length
    },
    get(key) {
      if (typeof key !== 'string') return fail('no such overload')
      const field = fields.get(key)
      if (field === undefined) return undefined
      const member = getOwn(object, field.name)
      // A null member is as good as none.
      return member === undefined || member === null ? undefined : fromJson(member, field.shape, namesOf)
    },
    keys: () => knownNames(namesOf(object), properties),
    get unknown() {
      const names = namesOf(object).filter(name => !properties.has(name))
      return names.length === 0 ? undefined : Object.fromEntries(names.map(name => [name, object[name]]))
    },
  }
}

function knownNames(names: readonly string[], properties: ReadonlyMap<string, Shape>): readonly Value[] {
  return names.filter(name => properties.has(name)).map(name => escapeName(name) ?? name)
}
