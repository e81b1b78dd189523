// Kubernetes' quantities: `500m`, `1.5Gi`.
import { parseQuantity } from '../../../api/quantity.ts'
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
import { fail, type OpaqueValue } from './values.ts'

const quantityType = opaque('kubernetes.Quantity')

const nanosPerUnit = 1_000_000_000n
const int64Max = 2n ** 63n - 1n

interface Content {
  readonly nanos: bigint
  /** Power of ten of its last digit as written; undefined when Kubernetes keeps it as a big decimal. */
  readonly scale: number | undefined
}

/** The quantity, or what is wrong with the text. */
function readQuantity(text: string): Content | string {
  const quantity = parseQuantity(text)
  if (typeof quantity === 'string') return quantity
  const { digits, exponent, isBig } = quantity
  return { nanos: digits * 10n ** BigInt(exponent + 9), scale: isBig ? undefined : exponent }
}

const quantityOf = ({ content }: OpaqueValue) => content as Content
const nanosOf = (value: OpaqueValue) => quantityOf(value).nanos

function quantityValue(quantity: Content): OpaqueValue {
  const equals = (other: OpaqueValue) => nanosOf(other) === quantity.nanos
  return { tag: 'opaque', type: 'kubernetes.Quantity', content: quantity, equals }
}

function add(a: OpaqueValue, b: Content, sign: 1n | -1n): OpaqueValue {
  const { nanos, scale } = quantityOf(a)
  const isBig = scale === undefined || b.scale === undefined
  return quantityValue({
    nanos: nanos + sign * b.nanos,
    scale: isBig ? undefined : Math.min(scale ?? 0, b.scale ?? 0),
  })
}

const ofInt = (value: bigint): Content => ({ nanos: value * nanosPerUnit, scale: 0 })
const compare = (a: bigint, b: bigint): bigint => (a < b ? -1n : a > b ? 1n : 0n)

/** As it was written: `1000m` and `1.0` are no integers. */
function isWhole({ nanos, scale }: Content): boolean {
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
          const found = readQuantity(text)
          return typeof found === 'string' ? fail(found) : quantityValue(found)
        },
        walksOver(),
      ),
    ],
  },
  {
    name: 'isQuantity',
    overloads: [overload([string], bool, text => typeof readQuantity(text) !== 'string', walksOver())],
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
