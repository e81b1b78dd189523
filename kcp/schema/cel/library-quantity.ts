// Kubernetes' quantities (`500m`, `1.5Gi`) and named formats.
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkPrefix,
  checkQualifiedName,
  checkServiceName,
} from '../../../api/names/rules.ts'
import { hasFormat } from '../formats.ts'
import { exactly, type SizedNode } from './estimate-values.ts'
import {
  bool,
  double,
  type FunctionDeclaration,
  int,
  list,
  member,
  opaque,
  optional,
  overload,
  regexCost,
  regexEstimate,
  scaledText,
  string,
  walksOver,
} from './functions.ts'
import { parseGoUrl } from './go-url.ts'
import { fail, listValue, type OpaqueValue, type Value } from './values.ts'

const quantityType = opaque('kubernetes.Quantity')
const formatType = opaque('kubernetes.NamedFormat')

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

/** Billionths, rounded away from zero as Kubernetes does; or what is wrong. */
export function parseQuantity(text: string): bigint | string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text)
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? []
  if (match === null || whole + fraction === '') return malformed
  const factor = suffixFactor(suffix)
  if (factor === undefined) return badSuffix
  const digits = BigInt(whole + fraction) * factor.up * nanosPerUnit
  const divisor = 10n ** BigInt(fraction.length) * factor.down
  const nanos = digits / divisor + (digits % divisor === 0n ? 0n : 1n)
  const capped = nanos > int64Max * nanosPerUnit ? int64Max * nanosPerUnit : nanos
  return sign === '-' ? -capped : capped
}

function suffixFactor(suffix: string): { up: bigint; down: bigint } | undefined {
  const binary = binaryPowers[suffix]
  if (binary !== undefined) return { up: 1n << binary, down: 1n }
  const named = decimalExponents[suffix]
  const written = /^[eE]([+-]?\d{1,3})$/.exec(suffix)?.[1]
  const exponent = named ?? (written === undefined ? undefined : Number(written))
  if (exponent === undefined) return undefined
  return exponent < 0 ? { up: 1n, down: 10n ** BigInt(-exponent) } : { up: 10n ** BigInt(exponent), down: 1n }
}

const nanosOf = ({ content }: OpaqueValue) => content as bigint

function quantityValue(nanos: bigint): OpaqueValue {
  const equals = (other: OpaqueValue) => nanosOf(other) === nanos
  return { tag: 'opaque', type: 'kubernetes.Quantity', content: nanos, equals }
}

const compare = (a: bigint, b: bigint): bigint => (a < b ? -1n : a > b ? 1n : 0n)

function isWhole(nanos: bigint): boolean {
  const whole = nanos / nanosPerUnit
  return nanos % nanosPerUnit === 0n && whole <= int64Max && whole >= -int64Max - 1n
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
        isWhole(nanosOf(value)) ? nanosOf(value) / nanosPerUnit : fail('cannot convert value to integer'),
      ),
    ],
  },
  { name: 'isInteger', overloads: [member([quantityType], bool, value => isWhole(nanosOf(value)))] },
  {
    name: 'add',
    overloads: [
      member([quantityType, quantityType], quantityType, (a, b) => quantityValue(nanosOf(a) + nanosOf(b))),
      member([quantityType, int], quantityType, (a, b) => quantityValue(nanosOf(a) + b * nanosPerUnit)),
    ],
  },
  {
    name: 'sub',
    overloads: [
      member([quantityType, quantityType], quantityType, (a, b) => quantityValue(nanosOf(a) - nanosOf(b))),
      member([quantityType, int], quantityType, (a, b) => quantityValue(nanosOf(a) - b * nanosPerUnit)),
    ],
  },
]

interface NamedFormat {
  readonly name: string
  readonly check: (text: string) => readonly string[]
  /** Length that costs assume for its pattern. */
  readonly patternLength: number
}

const checkFormat = (format: string, problem: string) => (text: string) => (hasFormat(text, format) ? [] : [problem])

function checkUri(text: string): readonly string[] {
  const found = parseGoUrl(text)
  return typeof found === 'string' ? [found] : []
}

const formats: readonly (readonly [key: string, format: NamedFormat])[] = [
  ['dns1123Label', { name: 'DNS1123Label', check: checkDnsLabel, patternLength: 30 }],
  ['dns1123Subdomain', { name: 'DNS1123Subdomain', check: checkDnsSubdomain, patternLength: 60 }],
  ['dns1035Label', { name: 'DNS1035Label', check: checkServiceName, patternLength: 30 }],
  ['qualifiedName', { name: 'QualifiedName', check: checkQualifiedName, patternLength: 60 }],
  [
    'dns1123LabelPrefix',
    { name: 'DNS1123LabelPrefix', check: text => checkPrefix(checkDnsLabel, text), patternLength: 30 },
  ],
  [
    'dns1123SubdomainPrefix',
    { name: 'DNS1123SubdomainPrefix', check: text => checkPrefix(checkDnsSubdomain, text), patternLength: 60 },
  ],
  [
    'dns1035LabelPrefix',
    { name: 'DNS1035LabelPrefix', check: text => checkPrefix(checkServiceName, text), patternLength: 30 },
  ],
  ['labelValue', { name: 'LabelValue', check: checkLabelValue, patternLength: 40 }],
  ['uri', { name: 'URI', check: checkUri, patternLength: 1000 }],
  ['uuid', { name: 'uuid', check: checkFormat('uuid', 'does not match the UUID format'), patternLength: 71 }],
  ['byte', { name: 'byte', check: checkFormat('byte', 'invalid base64'), patternLength: 90 }],
  ['date', { name: 'date', check: checkFormat('date', 'invalid date'), patternLength: 78 }],
  ['datetime', { name: 'datetime', check: checkFormat('date-time', 'invalid datetime'), patternLength: 78 }],
]

const formatOf = ({ content }: OpaqueValue) => content as NamedFormat

function formatValue(format: NamedFormat): OpaqueValue {
  const equals = (other: OpaqueValue) => formatOf(other).name === format.name
  return { tag: 'opaque', type: 'kubernetes.NamedFormat', content: format, equals }
}

const formatValues = new Map(formats.map(([key, format]) => [key, formatValue(format)]))

/** Costs assume a long pattern, because which one is not known before. */
const patternLengthAssumed = 128

const validated = {
  cost: ([format, text]: readonly Value[]) => {
    const known = format !== null && typeof format === 'object' && 'content' in format ? formatOf(format) : undefined
    return regexCost(text, known?.patternLength ?? 0)
  },
  estimate: ([, text]: readonly SizedNode[]) => ({
    cost: scaledText(text?.librarySize ?? exactly(0), regexEstimate(exactly(patternLengthAssumed)).max),
  }),
}

export const namedFormats: readonly FunctionDeclaration[] = [
  ...[...formatValues].map(([key, value]) => ({
    name: `format.${key}`,
    overloads: [overload([], formatType, () => value)],
  })),
  {
    name: 'format.named',
    overloads: [overload([string], optional(formatType), name => ({ tag: 'optional', value: formatValues.get(name) }))],
  },
  {
    name: 'validate',
    overloads: [
      member(
        [formatType, string],
        optional(list(string)),
        (format, text) => {
          const problems = formatOf(format).check(text)
          return { tag: 'optional', value: problems.length === 0 ? undefined : listValue(problems) }
        },
        validated,
      ),
    ],
  },
]
