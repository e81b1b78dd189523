// Conversions between types, timestamps, durations and optionals: what the language calls by the names of types.
import {
  anything,
  bool,
  bytes,
  double,
  duration,
  type FunctionDeclaration,
  int,
  member,
  type Overload,
  opaque,
  optional,
  overload,
  paramA,
  string,
  textCost,
  textEstimate,
  timestamp,
  uint,
} from './functions.ts'
import { formatDouble } from './go-double.ts'
import { intOrOverflow, uintOrOverflow } from './library-operators.ts'
import { spendWork } from './meter.ts'
import {
  durationOf,
  formatDuration,
  formatTimestamp,
  numberCharsMax,
  parseDuration,
  parseTimestamp,
  type TimePart,
  timePart,
  timestampOf,
} from './time-values.ts'
import { dynType, listOf, mapOf, nullType, typeOf } from './types.ts'
import { fail, hasTag, type OptionalValue, type Result, runtimeTypeName, sizeOf, type Value } from './values.ts'

const cannot = (from: string, to: string) => fail(`type conversion error from '${from}' to '${to}'`)
const nanosPerSecond = 1_000_000_000n

function bigintOf(text: string, pattern: RegExp): bigint | undefined {
  return text.length <= numberCharsMax && pattern.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined
}

function truncated(value: number): bigint | undefined {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined
}

const toInt: readonly Overload[] = [
  overload([int], int, value => value),
  overload([double], int, value => {
    // Go refuses the edges themselves: a double next to them may have been rounded.
    if (!(value > -(2 ** 63) && value < 2 ** 63)) return fail('integer overflow')
    return BigInt(Math.trunc(value))
  }),
  overload([duration], int, value => value.nanos),
  overload([string], int, text => {
    const found = bigintOf(text, /^[+-]?\d+$/)
    if (found === undefined || typeof intOrOverflow(found) !== 'bigint') return cannot('string', 'int')
    return found
  }),
  overload([timestamp], int, ({ nanos }) => nanos / nanosPerSecond - (nanos % nanosPerSecond < 0n ? 1n : 0n)),
  overload([uint], int, ({ value }) => intOrOverflow(value)),
]

const toUint: readonly Overload[] = [
  overload([uint], uint, value => value),
  overload([double], uint, value => {
    const whole = truncated(value)
    return whole === undefined || value >= 2 ** 64 ? fail('unsigned integer overflow') : uintOrOverflow(whole)
  }),
  overload([int], uint, uintOrOverflow),
  overload([string], uint, text => {
    const found = bigintOf(text, /^\d+$/)
    return found === undefined || found >= 2n ** 64n ? cannot('string', 'uint') : uintOrOverflow(found)
  }),
]

const toDouble: readonly Overload[] = [
  overload([double], double, value => value),
  overload([int], double, Number),
  overload([string], double, text => {
    if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
    if (/^nan$/i.test(text)) return Number.NaN
    const infinite = /^([+-]?)inf(inity)?$/i.exec(text)
    if (infinite === null) return cannot('string', 'double')
    return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }),
  overload([uint], double, ({ value }) => Number(value)),
]

const textOfBytes = {
  cost: ([value]: readonly Value[]) => textCost(value),
}
const decoder = new TextDecoder('utf-8', { fatal: true })

const toText: readonly Overload[] = [
  overload([string], string, text => text),
  overload([bool], string, String),
  overload(
    [bytes],
    string,
    value => {
      try {
        return decoder.decode(value)
      } catch {
        return fail('invalid UTF-8 in bytes, cannot convert to string')
      }
    },
    {
      ...textOfBytes,
      estimate: ([node]) => {
        const size = node?.size ?? { min: 0, max: 0 }
        return { cost: textEstimate(size), size: { min: Math.floor(size.min / 4), max: size.max } }
      },
    },
  ),
  overload([double], string, formatDouble),
  overload([duration], string, formatDuration),
  overload([int], string, String),
  overload([timestamp], string, formatTimestamp),
  overload([uint], string, ({ value }) => String(value)),
]

const toBytes: readonly Overload[] = [
  overload([bytes], bytes, value => value),
  overload([string], bytes, text => new Uint8Array(Buffer.from(text)), {
    cost: ([text]) => textCost(text),
    estimate: ([node]) => {
      const size = node?.size ?? { min: 0, max: 0 }
      return { cost: textEstimate(size), size: { min: size.min, max: size.max * 4 } }
    },
  }),
]

const trueTexts = ['1', 't', 'true', 'TRUE', 'True']
const falseTexts = ['0', 'f', 'false', 'FALSE', 'False']

const toBool: readonly Overload[] = [
  overload([bool], bool, value => value),
  overload([string], bool, text => {
    if (trueTexts.includes(text)) return true
    return falseTexts.includes(text) ? false : cannot('string', 'bool')
  }),
]

const toTimestamp: readonly Overload[] = [
  overload([timestamp], timestamp, value => value),
  overload([int], timestamp, seconds => timestampOf(seconds * nanosPerSecond)),
  overload([string], timestamp, text => parseTimestamp(text) ?? cannot('string', 'google.protobuf.Timestamp')),
]

const toDuration: readonly Overload[] = [
  overload([duration], duration, value => value),
  overload([int], duration, durationOf),
  overload([string], duration, text => parseDuration(text) ?? cannot('string', 'google.protobuf.Duration')),
]

function accessor(name: string, part: TimePart, plus = 0n): FunctionDeclaration {
  const read = (moment: Parameters<typeof timePart>[0], zone: string): Result => {
    const found = timePart(moment, part, zone)
    return typeof found === 'bigint' ? found + plus : found
  }
  return {
    name,
    overloads: [
      member([timestamp], int, moment => read(moment, 'UTC')),
      // Zones by name need the calendar of the system: a hundred times as long as anything else here.
      member([timestamp, string], int, (moment, zone, meter) => {
        spendWork(meter, 100)
        return read(moment, zone)
      }),
    ],
  }
}

function spanAccessor(name: string, part: TimePart, nanosPerUnit: bigint): FunctionDeclaration {
  const ofMoment = accessor(name, part)
  const ofSpan = member([duration], int, ({ nanos }) => nanos / nanosPerUnit)
  return { name, overloads: [...ofMoment.overloads, ofSpan] }
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === '') return true
  if (typeof value !== 'object') return false
  if (hasTag(value, 'uint')) return value.value === 0n
  if (hasTag(value, 'duration')) return value.nanos === 0n
  return (value instanceof Uint8Array || hasTag(value, 'list') || hasTag(value, 'map')) && sizeOf(value) === 0
}

const nothing: OptionalValue = { tag: 'optional', value: undefined }
const dereferenced = fail('optional.none() dereference')

const optionals: readonly FunctionDeclaration[] = [
  { name: 'optional.of', overloads: [overload([paramA], optional(paramA), value => ({ tag: 'optional', value }))] },
  {
    name: 'optional.ofNonZeroValue',
    overloads: [overload([paramA], optional(paramA), value => (isZero(value) ? nothing : { tag: 'optional', value }))],
  },
  { name: 'optional.none', overloads: [overload([], optional(paramA), () => nothing)] },
  {
    name: 'value',
    overloads: [member([optional(paramA)], paramA, ({ value }) => (value === undefined ? dereferenced : value))],
  },
  { name: 'hasValue', overloads: [member([optional(paramA)], bool, ({ value }) => value !== undefined)] },
  {
    name: 'or',
    overloads: [
      member([optional(paramA), optional(paramA)], optional(paramA), (a, b) => (a.value === undefined ? b : a)),
    ],
  },
  {
    name: 'orValue',
    overloads: [
      member([optional(paramA), paramA], paramA, ({ value }, other) => (value === undefined ? other : value)),
    ],
  },
]

export const conversions: readonly FunctionDeclaration[] = [
  { name: 'int', overloads: toInt },
  { name: 'uint', overloads: toUint },
  { name: 'double', overloads: toDouble },
  { name: 'string', overloads: toText },
  { name: 'bytes', overloads: toBytes },
  { name: 'bool', overloads: toBool },
  { name: 'timestamp', overloads: toTimestamp },
  { name: 'duration', overloads: toDuration },
  {
    name: 'type',
    overloads: [overload([paramA], typeOf(paramA), value => ({ tag: 'type', name: runtimeTypeName(value) }))],
  },
  accessor('getFullYear', 'year'),
  accessor('getMonth', 'month'),
  accessor('getDayOfYear', 'dayOfYear'),
  accessor('getDayOfMonth', 'date', -1n),
  accessor('getDate', 'date'),
  accessor('getDayOfWeek', 'dayOfWeek'),
  spanAccessor('getHours', 'hours', 3600n * nanosPerSecond),
  spanAccessor('getMinutes', 'minutes', 60n * nanosPerSecond),
  spanAccessor('getSeconds', 'seconds', nanosPerSecond),
  spanAccessor('getMilliseconds', 'milliseconds', 1_000_000n),
  ...optionals,
]

/** Names that stand for types. */
export const typeNames: ReadonlyMap<string, ReturnType<typeof typeOf>> = new Map([
  ['int', typeOf(int)],
  ['uint', typeOf(uint)],
  ['double', typeOf(double)],
  ['bool', typeOf(bool)],
  ['string', typeOf(string)],
  ['bytes', typeOf(bytes)],
  ['list', typeOf(listOf(dynType))],
  ['map', typeOf(mapOf(dynType, dynType))],
  ['null_type', typeOf(nullType)],
  ['type', typeOf(typeOf(dynType))],
  ['google.protobuf.Timestamp', typeOf(timestamp)],
  ['google.protobuf.Duration', typeOf(duration)],
  ['optional_type', typeOf(optional(anything))],
  ['net.IP', typeOf(opaque('net.IP'))],
  ['net.CIDR', typeOf(opaque('net.CIDR'))],
])
