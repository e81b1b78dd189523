// Kubernetes' named formats: `format.dns1123Label().validate(x)`.
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
  type FunctionDeclaration,
  list,
  member,
  opaque,
  optional,
  overload,
  regexCost,
  regexEstimate,
  scaledText,
  string,
} from './functions.ts'
import { parseGoUrl } from './go-url.ts'
import { listValue, type OpaqueValue, type Value } from './values.ts'

const formatType = opaque('kubernetes.NamedFormat')

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
