// Timestamps and durations of the rule language: nanoseconds since 1970, or of length, and how texts name them.
import { type Duration, type Failure, fail, type Timestamp } from './values.ts'

const nanosPerSecond = 1_000_000_000n
const nanosPerMs = 1_000_000n
/** From year 1 to year 9999, as protobuf limits both. */
const timestampSecondsMin = -62_135_596_800n
const timestampSecondsMax = 253_402_300_799n
const int64Max = 2n ** 63n - 1n

export function timestampOf(nanos: bigint): Timestamp | Failure {
  const inRange = nanos >= timestampSecondsMin * nanosPerSecond && nanos < (timestampSecondsMax + 1n) * nanosPerSecond
  return inRange ? { tag: 'timestamp', nanos } : fail('timestamp overflow')
}

export function durationOf(nanos: bigint): Duration | Failure {
  return nanos <= int64Max && nanos >= -int64Max - 1n ? { tag: 'duration', nanos } : fail('integer overflow')
}

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|z|[+-]\d\d:\d\d)$/

export function parseTimestamp(text: string): Timestamp | undefined {
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const [, day = '', time = '', fraction = '', zone = ''] = match
  const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`)
  if (Number.isNaN(ms) || !isDay(day)) return undefined
  const nanos = BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  const found = timestampOf(BigInt(ms) * nanosPerMs + nanos)
  return found.tag === 'failure' ? undefined : found
}

export function parseDay(text: string): Timestamp | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text)
    ? { tag: 'timestamp', nanos: BigInt(Date.parse(`${text}T00:00:00Z`)) * nanosPerMs }
    : undefined
}

/** Date.parse lets 2023-02-30 become March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

export function formatTimestamp({ nanos }: Timestamp): string {
  const seconds = nanos / nanosPerSecond - (nanos % nanosPerSecond < 0n ? 1n : 0n)
  const fraction = (nanos - seconds * nanosPerSecond).toString().padStart(9, '0').replace(/0+$/, '')
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  return `${text}${fraction === '' ? '' : `.${fraction}`}Z`
}

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: nanosPerMs,
  s: nanosPerSecond,
  m: 60n * nanosPerSecond,
  h: 3600n * nanosPerSecond,
}
const durationText = /^([-+]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/
/** Longer texts are no numbers anybody writes, and big integers take time that grows with their square. */
export const numberCharsMax = 1000

/** Go's spelling: `1h30m`, `-1.5s`, `0`. */
export function parseDuration(text: string): Duration | undefined {
  if (text.length > numberCharsMax) return undefined
  if (/^[-+]?0$/.test(text)) return { tag: 'duration', nanos: 0n }
  const match = durationText.exec(text)
  if (match === null) return undefined
  let nanos = 0n
  for (const [, whole = '', fraction = '', unit = ''] of (match[2] ?? '').matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const size = unitNanos[unit] ?? 0n
    nanos += BigInt(whole === '' ? 0 : whole) * size
    if (fraction !== '') nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
  }
  const found = durationOf(match[1] === '-' ? -nanos : nanos)
  return found.tag === 'failure' ? undefined : found
}

const longUnits: readonly (readonly [pattern: RegExp, nanos: bigint])[] = [
  [/^(ns|nano(s|sec|secs|second|seconds)?)$/, 1n],
  [/^(us|µs|μs|micro(s|sec|secs|second|seconds)?)$/, 1000n],
  [/^(ms|milli(s|sec|secs|second|seconds)?)$/, nanosPerMs],
  [/^(s|secs?|seconds?)$/, nanosPerSecond],
  [/^(m|mins?|minutes?)$/, 60n * nanosPerSecond],
  [/^(h|hrs?|hours?)$/, 3600n * nanosPerSecond],
  [/^(d|days?)$/, 86_400n * nanosPerSecond],
  [/^(w|wks?|weeks?)$/, 604_800n * nanosPerSecond],
]

/** Spellings that the format `duration` allows beside Go's: `3 days`, `1w`. */
export function parseLooseDuration(text: string): Duration | undefined {
  const known = parseDuration(text)
  if (known !== undefined) return known
  const match = text.length > numberCharsMax ? null : /^\s*(\d+)\s*([a-zµμ]+)\s*$/i.exec(text)
  const unit = longUnits.find(([pattern]) => pattern.test((match?.[2] ?? '').toLowerCase()))
  return match?.[1] === undefined || unit === undefined
    ? undefined
    : { tag: 'duration', nanos: BigInt(match[1]) * unit[1] }
}

/** Seconds without trailing zeros: `90s`, `0.5s`. */
export function formatDuration({ nanos }: Duration): string {
  const sign = nanos < 0n ? '-' : ''
  const size = nanos < 0n ? -nanos : nanos
  const fraction = (size % nanosPerSecond).toString().padStart(9, '0').replace(/0+$/, '')
  return `${sign}${size / nanosPerSecond}${fraction === '' ? '' : `.${fraction}`}s`
}

export type TimePart =
  | 'year'
  | 'month'
  | 'dayOfYear'
  | 'date'
  | 'dayOfWeek'
  | 'hours'
  | 'minutes'
  | 'seconds'
  | 'milliseconds'

/** A part of a moment in a time zone: `UTC`, `-08:00`, `Europe/Berlin`. */
export function timePart({ nanos }: Timestamp, part: TimePart, zone: string): bigint | Failure {
  const ms = nanos / nanosPerMs - (nanos % nanosPerMs < 0n ? 1n : 0n)
  const offset = zoneOffsetMs(Number(ms), zone)
  if (offset === undefined) return fail(`unknown time zone ${zone}`)
  const date = new Date(Number(ms) + offset)
  switch (part) {
    case 'year':
      return BigInt(date.getUTCFullYear())
    case 'month':
      return BigInt(date.getUTCMonth())
    case 'dayOfYear': {
      const start = new Date(0)
      start.setUTCFullYear(date.getUTCFullYear(), 0, 1)
      return BigInt(Math.floor((date.getTime() - start.getTime()) / 86_400_000))
    }
    case 'date':
      return BigInt(date.getUTCDate())
    case 'dayOfWeek':
      return BigInt(date.getUTCDay())
    case 'hours':
      return BigInt(date.getUTCHours())
    case 'minutes':
      return BigInt(date.getUTCMinutes())
    case 'seconds':
      return BigInt(date.getUTCSeconds())
    case 'milliseconds':
      return BigInt(date.getUTCMilliseconds())
  }
}

function zoneOffsetMs(ms: number, zone: string): number | undefined {
  if (zone === '' || zone === 'UTC') return 0
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000
  const parts = zoneFormat(zone)?.formatToParts(ms)
  if (parts === undefined) return undefined
  const text = parts.find(part => part.type === 'timeZoneName')?.value ?? ''
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(text)
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>()
const zoneFormatsMax = 100

/** Costly to make, so kept; undefined when there is no such zone. */
function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  const known = zoneFormats.get(zone)
  if (known !== undefined) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    if (zoneFormats.size >= zoneFormatsMax) zoneFormats.clear()
    zoneFormats.set(zone, format)
    return format
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
