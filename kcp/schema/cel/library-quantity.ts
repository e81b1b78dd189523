// Kubernetes' quantities: `500m`, `1.5Gi`.
import {
  bool,
  double,
  type FunctionDeclaration,
  int,
  member,
  opaque,
  overload,
  string,
  walksOver,
} from './functions.ts'
import { numberCharsMax } from './time-values.ts'
import { fail, type OpaqueValue } from './values.ts'

const quantityType = opaque('kubernetes.Quantity')

const nanosPerUnit = 1_000_000_000n
const int64Max = 2n ** 63n - 1n
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
const binaryPowers: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const badSuffix = "unable to parse quantity's suffix"

interface Quantity {
  /** Billionths, rounded away from zero as Kubernetes does. */
  readonly nanos: bigint
  /** Power of ten of its last digit as written; undefined when Kubernetes keeps it as a big decimal. */
  readonly scale: number | undefined
}

/** With more digits Kubernetes keeps a big decimal, which is no integer to it. */
const digitsMax = 18

/** The quantity, or what is wrong with the text. */
export function parseQuantity(text: string): Quantity | string {
  const match = text.length > numberCharsMax ? null : /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text)
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? []
  if (match === null || text === '') return malformed
  const factor = suffixFactor(suffix)
  if (factor === undefined) return badSuffix
  const isBig = whole.length + fraction.length > digitsMax || (factor.isBinary && fraction !== '')
  const digits = BigInt(whole + fraction) * factor.up * nanosPerUnit
  const divisor = 10n ** BigInt(fraction.length) * factor.down
  const nanos = digits / divisor + (digits % divisor === 0n ? 0n : 1n)
  const capped = nanos > int64Max * nanosPerUnit ? int64Max * nanosPerUnit : nanos
  return {
    nanos: sign === '-' ? -capped : capped,
    scale: isBig || nanos > capped ? undefined : factor.exponent - fraction.length,
  }
}

interface SuffixFactor {
  readonly up: bigint
  readonly down: bigint
  readonly exponent: number
  readonly isBinary: boolean
}

function suffixFactor(suffix: string): SuffixFactor | undefined {
  const binary = binaryPowers[suffix]
  if (binary !== undefined) return { up: 1n << binary, down: 1n, exponent: 0, isBinary: true }
  const named = decimalExponents[suffix]
  const written = /^[eE]([+-]?\d{1,3})$/.exec(suffix)?.[1]
  const exponent = named ?? (written === undefined ? undefined : Number(written))
  if (exponent === undefined) return undefined
  const power = 10n ** BigInt(Math.abs(exponent))
  return exponent < 0
    ? { up: 1n, down: power, exponent, isBinary: false }
    : { up: power, down: 1n, exponent, isBinary: false }
}

const quantityOf = ({ content }: OpaqueValue) => content as Quantity
const nanosOf = (value: OpaqueValue) => quantityOf(value).nanos

function quantityValue(quantity: Quantity): OpaqueValue {
  const equals = (other: OpaqueValue) => nanosOf(other) === quantity.nanos
  return { tag: 'opaque', type: 'kubernetes.Quantity', content: quantity, equals }
}

function add(a: OpaqueValue, b: Quantity, sign: 1n | -1n): OpaqueValue {
  const { nanos, scale } = quantityOf(a)
  const isBig = scale === undefined || b.scale === undefined
  return quantityValue({
    nanos: nanos + sign * b.nanos,
    scale: isBig ? undefined : Math.min(scale ?? 0, b.scale ?? 0),
  })
}

const ofInt = (value: bigint): Quantity => ({ nanos: value * nanosPerUnit, scale: 0 })
const compare = (a: bigint, b: bigint): bigint => (a < b ? -1n : a > b ? 1n : 0n)

/** As it was written: `1000m` and `1.0` are no integers. */
function isWhole({ nanos, scale }: Quantity): boolean {
  const whole = nanos / nanosPerUnit
  return scale !== undefined && scale >= 0 && whole <= int64Max && whole >= -int64Max - 1n
}

export const quantities: readonly FunctionDeclaration[] = [
  {
    name: 'quantity',
    overloads: [
      overload(
        [string],
        quantityType,
        text => {
          const found = parseQuantity(text)
          return typeof found === 'string' ? fail(found) : quantityValue(found)
        },
        walksOver(),
      ),
    ],
  },
  {
    name: 'isQuantity',
    overloads: [overload([string], bool, text => typeof parseQuantity(text) !== 'string', walksOver())],
  },
  { name: 'sign', overloads: [overload([quantityType], int, value => compare(nanosOf(value), 0n))] },
  { name: 'isGreaterThan', overloads: [member([quantityType, quantityType], bool, (a, b) => nanosOf(a) > nanosOf(b))] },
  { name: 'isLessThan', overloads: [member([quantityType, quantityType], bool, (a, b) => nanosOf(a) < nanosOf(b))] },
  {
    name: 'compareTo',
    overloads: [member([quantityType, quantityType], int, (a, b) => compare(nanosOf(a), nanosOf(b)))],
  },
  { name: 'asApproximateFloat', overloads: [member([quantityType], double, value => Number(nanosOf(value)) / 1e9)] },
  {
    name: 'asInteger',
    overloads: [
      member([quantityType], int, value =>
        isWhole(quantityOf(value)) ? nanosOf(value) / nanosPerUnit : fail('cannot convert value to integer'),
      ),
    ],
  },
  { name: 'isInteger', overloads: [member([quantityType], bool, value => isWhole(quantityOf(value)))] },
  {
    name: 'add',
    overloads: [
      member([quantityType, quantityType], quantityType, (a, b) => add(a, quantityOf(b), 1n)),
      member([quantityType, int], quantityType, (a, b) => add(a, ofInt(b), 1n)),
    ],
  },
  {
    name: 'sub',
    overloads: [
      member([quantityType, quantityType], quantityType, (a, b) => add(a, quantityOf(b), -1n)),
      member([quantityType, int], quantityType, (a, b) => add(a, ofInt(b), -1n)),
    ],
  },
]
