// Values of the rule language as JavaScript has them: int is a bigint, double a number; the rest is tagged. A failure is
// a value too, because `||` and `&&` may outvote it. Leaves out: values that come from JSON (json-value.ts).

export interface Failure {
  readonly tag: 'failure'
  readonly message: string
}
export interface Uint {
  readonly tag: 'uint'
  readonly value: bigint
}
export interface Timestamp {
  readonly tag: 'timestamp'
  /** Since 1970. */
  readonly nanos: bigint
}
export interface Duration {
  readonly tag: 'duration'
  readonly nanos: bigint
}
export interface ListValue {
  readonly tag: 'list'
  readonly size: number
  /** `index` is below `size`. */
  at(index: number): Result
  /** How x-kubernetes-list-type makes lists equal and adds them. */
  readonly listType: 'atomic' | 'set' | 'map'
  /** Escaped names of the keys when the list is a map. */
  readonly keyNames: readonly string[]
}
export interface MapValue {
  readonly tag: 'map'
  readonly size: number
  get(key: Value): Result | undefined
  keys(): readonly Value[]
  /** Members that a schema does not know, compared as they are. */
  readonly unknown?: unknown
}
export interface OptionalValue {
  readonly tag: 'optional'
  readonly value: Value | undefined
}
/** What `type(x)` gives, by the name of the type at run time. */
export interface TypeValue {
  readonly tag: 'type'
  readonly name: string
}
/** Values of Kubernetes' libraries: only their own functions look inside. */
export interface OpaqueValue {
  readonly tag: 'opaque'
  readonly type: string
  readonly content: unknown
  equals(other: OpaqueValue): boolean
  /** For sizes in costs; 1 when it has none. */
  readonly size?: number
}
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | ListValue
  | MapValue
  | OptionalValue
  | TypeValue
  | OpaqueValue
export type Result = Value | Failure

export const fail = (message: string): Failure => ({ tag: 'failure', message })

export function isFailure(result: unknown): result is Failure {
  return typeof result === 'object' && result !== null && 'tag' in result && result.tag === 'failure'
}

type Tagged = Exclude<Result, null | boolean | bigint | number | string | Uint8Array>
type TagOf = Tagged['tag']

export function hasTag<Tag extends TagOf>(value: Result, tag: Tag): value is Extract<Tagged, { tag: Tag }> {
  return typeof value === 'object' && value !== null && 'tag' in value && value.tag === tag
}

/** The kind of a value, in the words of types.ts; opaque values have the name of their type. */
export function kindOf(value: Value): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
    case 'object':
      if (value === null) return 'null'
      if (value instanceof Uint8Array) return 'bytes'
      return value.tag === 'opaque' ? value.type : value.tag
  }
}

const runtimeNames: Readonly<Record<string, string>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  optional: 'optional_type',
}

/** Names as `type(x)` and messages of conversions have them. */
export function runtimeTypeName(value: Value): string {
  const kind = kindOf(value)
  return runtimeNames[kind] ?? kind
}

export function listValue(items: readonly Value[]): ListValue {
  return { tag: 'list', size: items.length, at: index => items[index] ?? null, listType: 'atomic', keyNames: [] }
}

/** Text that is the same for keys that are equal: 1, 1u and 1.0 are. */
export function keyText(key: Value): string {
  if (typeof key === 'bigint') return `n${key}`
  if (hasTag(key, 'uint')) return `n${key.value}`
  if (typeof key === 'number') return Number.isInteger(key) ? `n${BigInt(key)}` : `d${key}`
  return typeof key === 'string' ? `s${key}` : `${kindOf(key)}${String(key)}`
}

export function mapValue(entries: ReadonlyMap<string, readonly [key: Value, value: Value]>): MapValue {
  return {
    tag: 'map',
    size: entries.size,
    get: key => entries.get(keyText(key))?.[1],
    keys: () => [...entries.values()].map(([key]) => key),
  }
}

export function itemsOf(list: ListValue): Value[] | Failure {
  const items: Value[] = []
  for (let index = 0; index < list.size; index++) {
    const item = list.at(index)
    if (isFailure(item)) return item
    items.push(item)
  }
  return items
}

/** Length in code points, as `size` of a string has it. */
export function charsLength(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(i + 1)
      if (next >= 0xdc00 && next < 0xe000) {
        length--
        i++
      }
    }
  }
  return length
}

/** Size for costs: 1 for whatever has none. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return charsLength(value)
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 1
  if (value.tag === 'list' || value.tag === 'map') return value.size
  return value.tag === 'opaque' ? (value.size ?? 1) : 1
}
