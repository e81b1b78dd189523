// Kubernetes' amounts of things: `500m`, `1.5Gi`, `1e3`. Exact, and written as Kubernetes writes them (canonical: at most
// three decimals before the suffix, no trailing zeros). Source of the rules: apimachinery's pkg/api/resource.

export interface Quantity {
  /** The amount is digits × 10 ^ exponent. */
  readonly digits: bigint
  readonly exponent: number
  readonly format: QuantityFormat
  /** Kubernetes holds it as a big decimal, which is no integer to CEL. */
  readonly isBig: boolean
  /** The text it was read from, where that is kept as canonical. */
  readonly written?: string
}

export type QuantityFormat = 'DecimalSI' | 'DecimalExponent' | 'BinarySI'

const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const badSuffix = "unable to parse quantity's suffix"
/** Longer texts are no amounts anybody writes, and big integers take time that grows with their square. */
const quantityCharsMax = 1000
const nano = -9
const int64Max = 2n ** 63n - 1n
/** With more digits Kubernetes keeps a big decimal. */
const smallDigitsMax = 18

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const decimalSuffixes = new Map(Object.entries(decimalExponents).map(([suffix, exponent]) => [exponent, suffix]))
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** The quantity, or what Kubernetes says is wrong with the text. */
export function parseQuantity(text: string): Quantity | string {
  const match = text.length > quantityCharsMax ? null : /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text)
  if (match === null || text === '') return malformed
  const [, sign = '', leading = '', fraction = '', suffix = ''] = match
  const unit = readSuffix(suffix)
  if (unit === undefined) return badSuffix
  const whole = leading.replace(/^0+/, '') || '0'
  const amount = BigInt(whole + fraction) << BigInt(unit.power)
  const exponent = unit.exponent - fraction.length
  const isSmall = isHeldAsInt64({ whole, fraction, amount, exponent, power: unit.power })
  const bounded = isSmall ? { digits: amount, exponent } : bound(amount, exponent, unit.format)
  const quantity = { ...bounded, digits: sign === '-' ? -bounded.digits : bounded.digits, format: unit.format }
  const isKept = isSmall && isTakenForCanonical({ unit, shifted: whole + fraction, exponent })
  return isKept ? { ...quantity, isBig: false, written: text } : { ...quantity, isBig: !isSmall }
}

interface Unit {
  readonly format: QuantityFormat
  readonly exponent: number
  /** Of two. */
  readonly power: number
}

function readSuffix(suffix: string): Unit | undefined {
  const step = suffix === '' ? -1 : binarySuffixes.indexOf(suffix)
  if (step > 0) return { format: 'BinarySI', exponent: 0, power: 10 * step }
  if (Object.hasOwn(decimalExponents, suffix)) {
    return { format: 'DecimalSI', exponent: decimalExponents[suffix] ?? 0, power: 0 }
  }
  const written = /^[eE]([+-]?\d{1,3})$/.exec(suffix)?.[1]
  return written === undefined ? undefined : { format: 'DecimalExponent', exponent: Number(written), power: 0 }
}

interface Reading {
  readonly whole: string
  readonly fraction: string
  readonly amount: bigint
  readonly exponent: number
  readonly power: number
}

function isHeldAsInt64({ whole, fraction, amount, exponent, power }: Reading): boolean {
  const precision =
    power === 0
      ? smallDigitsMax - whole.length - fraction.length
      : fraction === ''
        ? 14 - whole.length - Math.trunc(power * 0.3)
        : -1
  return precision >= 0 && exponent >= nano && amount <= int64Max
}

/** Nothing is finer than a billionth, rounded up; binary amounts end with int64. */
function bound(amount: bigint, exponent: number, format: QuantityFormat): { digits: bigint; exponent: number } {
  const rounded = roundedUp(amount, exponent, nano)
  if (format !== 'BinarySI' || integerPart(rounded) < int64Max) return rounded
  return { digits: int64Max, exponent: 0 }
}

const integerPart = ({ digits, exponent }: { digits: bigint; exponent: number }): bigint =>
  exponent >= 0 ? digits * 10n ** BigInt(exponent) : digits / 10n ** BigInt(-exponent)

function roundedUp(amount: bigint, exponent: number, least: number): { digits: bigint; exponent: number } {
  if (exponent >= least) return { digits: amount, exponent }
  const divisor = 10n ** BigInt(least - exponent)
  const away = amount % divisor === 0n ? 0n : amount < 0n ? -1n : 1n
  return { digits: amount / divisor + away, exponent: least }
}

/** A quick look that Kubernetes takes at the text; it lets `5.` and `007` through. */
function isTakenForCanonical({ unit, shifted, exponent }: { unit: Unit; shifted: string; exponent: number }): boolean {
  if (unit.format === 'BinarySI') return (BigInt(shifted) & 7n) !== 0n
  return exponent % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')
}

/** No finer than 10 ^ exponent, away from zero. */
export function roundUpQuantity(quantity: Quantity, exponent: number): Quantity {
  if (!quantity.isBig && quantity.exponent >= exponent) return quantity
  const { written: _finer, ...rest } = quantity
  return { ...rest, ...roundedUp(quantity.digits, quantity.exponent, exponent) }
}

export function formatQuantity(quantity: Quantity): string {
  const { digits, exponent, format, written } = quantity
  if (written !== undefined) return written
  if (digits === 0n) return '0'
  const whole = format === 'BinarySI' ? wholeOf(quantity) : undefined
  if (whole !== undefined && (whole >= 1024n || whole <= -1024n)) return formatBinary(whole)
  return formatDecimal(digits, exponent, format === 'DecimalExponent')
}

function wholeOf({ digits, exponent }: Quantity): bigint | undefined {
  if (exponent >= 0) return digits * 10n ** BigInt(exponent)
  const divisor = 10n ** BigInt(-exponent)
  return digits % divisor === 0n ? digits / divisor : undefined
}

function formatBinary(whole: bigint): string {
  let step = 0
  let rest = whole
  for (; rest % 1024n === 0n && step < binarySuffixes.length - 1; step++) rest /= 1024n
  return `${rest}${binarySuffixes[step]}`
}

function formatDecimal(digits: bigint, exponent: number, isScientific: boolean): string {
  let [rest, power] = [digits, exponent]
  for (; rest % 10n === 0n; power++) rest /= 10n
  // The exponent is a multiple of three, and a suffix exists only up to 10 ^ 18.
  for (; power % 3 !== 0 || (!isScientific && power > 18); power--) rest *= 10n
  if (isScientific) return power === 0 ? `${rest}` : `${rest}e${power}`
  return `${rest}${decimalSuffixes.get(power) ?? ''}`
}

export function isWholeQuantity(quantity: Quantity): boolean {
  return wholeOf(quantity) !== undefined
}

/** Less than 0: a is the smaller one; 0: the same amount, however they are written. */
export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  const least = Math.min(a.exponent, b.exponent)
  const [first, second] = [a, b].map(({ digits, exponent }) => digits * 10n ** BigInt(exponent - least))
  if (first === undefined || second === undefined || first === second) return 0
  return first < second ? -1 : 1
}
