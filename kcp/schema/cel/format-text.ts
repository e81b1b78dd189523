// `text.format(values)`: %s, %d, %f, %e, %b, %x, %X, %o and %%, with a precision where there is one.
import { formatDouble } from './go-double.ts'
import { type Meter, spendWork } from './meter.ts'
import { formatDuration, formatTimestamp } from './time-values.ts'
import {
  type Failure,
  fail,
  hasTag,
  isFailure,
  itemsOf,
  type ListValue,
  type MapValue,
  type Result,
  runtimeTypeName,
  type Value,
} from './values.ts'

/** `%%`, or a clause with its verb; '' at the end of the text. */
export const clause = /%(?:\.(\d*))?(.?)/gs

const wanted: Readonly<Record<string, string>> = {
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
}

export const isVerb = (verb: string): boolean => Object.hasOwn(wanted, verb.toLowerCase())
export const unknownVerb = (verb: string): string =>
  `could not parse formatting clause: unrecognized formatting clause "${verb}"`
export const wrongType = (verb: string, type: string): string =>
  `error during formatting: ${wanted[verb.toLowerCase()]}, was given ${type}`

export function formatText(format: string, values: ListValue, meter: Meter): Result {
  let used = 0
  let problem: Failure | undefined
  spendWork(meter, format.length / 20)
  const text = format.replace(clause, (_, precision: string | undefined, verb: string) => {
    if (verb === '%' && precision === undefined) return '%'
    if (verb === '') problem ??= fail('unexpected end of string')
    const value = used < values.size ? values.at(used) : fail(`index ${used} out of range`)
    used++
    if (isFailure(value)) {
      problem ??= value
      return ''
    }
    const shown = show(verb, value, {
      meter,
      precision: precision === undefined || precision === '' ? 6 : Number(precision),
    })
    if (typeof shown === 'string') {
      spendWork(meter, 1 + shown.length / 20)
      return shown
    }
    problem ??= fail(shown.message)
    return ''
  })
  return problem ?? text
}

interface Showing {
  readonly meter: Meter
  readonly precision: number
}

function show(verb: string, value: Value, { meter, precision }: Showing): string | Failure {
  switch (verb) {
    case 's':
      return showText(value, meter)
    case 'd':
      return showWhole(value, 10) ?? wrong(verb, value)
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0'
      return showWhole(value, 2) ?? wrong(verb, value)
    case 'o':
      return showWhole(value, 8) ?? wrong(verb, value)
    case 'x':
      return showHex(value) ?? wrong(verb, value)
    case 'X':
      return showHex(value)?.toUpperCase() ?? wrong(verb, value)
    case 'f':
    case 'e':
      return showDouble(verb, value, precision)
  }
  return fail(unknownVerb(verb))
}

const wrong = (verb: string, value: Value) => fail(wrongType(verb, runtimeTypeName(value)))

function wholeOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  return hasTag(value, 'uint') ? value.value : undefined
}

const showWhole = (value: Value, radix: number): string | undefined => wholeOf(value)?.toString(radix)

function showHex(value: Value): string | undefined {
  if (typeof value === 'string') return Buffer.from(value).toString('hex')
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : showWhole(value, 16)
}

const specialTexts: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

function showDouble(verb: 'e' | 'f', value: Value, precision: number): string | Failure {
  const number = typeof value === 'string' ? specialTexts[value] : value
  if (typeof number !== 'number') return wrong(verb, value)
  if (Number.isNaN(number)) return 'NaN'
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '-∞'
  if (verb === 'f') {
    return number.toLocaleString('en-US', { minimumFractionDigits: precision, maximumFractionDigits: precision })
  }
  // Kubernetes takes the precision of %e for a width: there are always six digits.
  const [digits = '', exponent = '0'] = number.toExponential(6).split('e')
  return `${digits}\u202f×\u202f10${superscript(Number(exponent))}`
}

function superscript(exponent: number): string {
  const digits = [...Math.abs(exponent).toString().padStart(2, '0')].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])
  return `${exponent < 0 ? '⁻' : ''}${digits.join('')}`
}

/** A value as %s shows it. */
function showText(value: Value, meter: Meter): string | Failure {
  spendWork(meter, 10)
  if (value === null) return 'null'
  if (typeof value === 'number') return formatDouble(value)
  if (typeof value !== 'object') return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  switch (value.tag) {
    case 'uint':
      return String(value.value)
    case 'timestamp':
      return formatTimestamp(value)
    case 'duration':
      return formatDuration(value)
    case 'type':
      return value.name
    case 'list':
      return showList(value, meter)
    case 'map':
      return showMap(value, meter)
  }
  return wrong('s', value)
}

function showNested(value: Value, meter: Meter): string | Failure {
  const text = showText(value, meter)
  if (typeof value === 'string') return JSON.stringify(text)
  return value instanceof Uint8Array ? `b${JSON.stringify(text)}` : text
}

function showList(values: ListValue, meter: Meter): string | Failure {
  const items = itemsOf(values)
  if (isFailure(items)) return items
  const texts: string[] = []
  for (const item of items) {
    const text = showNested(item, meter)
    if (typeof text !== 'string') return text
    texts.push(text)
  }
  return `[${texts.join(', ')}]`
}

function showMap(values: MapValue, meter: Meter): string | Failure {
  const entries: [key: string, value: string][] = []
  for (const key of values.keys()) {
    const value = values.get(key)
    if (value === undefined || isFailure(value)) continue
    const [keyText, valueText] = [showNested(key, meter), showNested(value, meter)]
    if (typeof keyText !== 'string') return keyText
    if (typeof valueText !== 'string') return valueText
    entries.push([keyText, valueText])
  }
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(', ')}}`
}
