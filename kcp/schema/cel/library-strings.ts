// The strings library (version 2): positions count code points, as in Go. Leaves out: format (format-text.ts).

import { goEscapes } from '../../../api/go-json.ts'
import { addRanges, type Estimate, exactly, multiplyRanges, type Range, type SizedNode } from './estimate-values.ts'
import { formatText } from './format-text.ts'
import {
  bool,
  type FunctionDeclaration,
  int,
  list,
  member,
  overload,
  string,
  textCost,
  textEstimate,
  walksOver,
} from './functions.ts'
import { type Meter, spendWork } from './meter.ts'
import { charsLength, fail, hasTag, type ListValue, listValue, type Result, type Value } from './values.ts'

const outOfRange = (index: bigint) => fail(`index out of range: ${index}`)
const zero = exactly(0)

/** Code points of a text; what is plain ASCII needs no splitting. */
function charsOf(text: string): readonly string[] | string {
  return charsLength(text) === text.length ? text : [...text]
}

const joinChars = (chars: readonly string[] | string, start: number, end?: number): string => {
  const part = chars.slice(start, end)
  return typeof part === 'string' ? part : part.join('')
}

function charAt(text: string, index: bigint): Result {
  const chars = charsOf(text)
  return index < 0n || index > chars.length ? outOfRange(index) : (chars[Number(index)] ?? '')
}

/** Units of UTF-16 to code points. */
const charsBefore = (text: string, unit: number): bigint => BigInt(charsLength(text.slice(0, unit)))

function indexOf(text: string, part: string, offset = 0n): Result {
  if (part === '') return offset
  if (offset < 0n || offset >= charsLength(text)) return outOfRange(offset)
  const chars = charsOf(text)
  const start = joinChars(chars, 0, Number(offset)).length
  const found = text.indexOf(part, start)
  return found < 0 ? -1n : charsBefore(text, found)
}

function lastIndexOf(text: string, part: string, offset?: bigint): Result {
  const length = BigInt(charsLength(text))
  if (part === '') return offset ?? length
  const from = offset ?? length - 1n
  if (from < 0n || from >= length) return outOfRange(from)
  const start = joinChars(charsOf(text), 0, Number(from)).length
  const found = text.lastIndexOf(part, start)
  return found < 0 ? -1n : charsBefore(text, found)
}

function substring(text: string, start: bigint, end?: bigint): Result {
  const chars = charsOf(text)
  if (end !== undefined && start > end) return fail(`invalid substring range. start: ${start}, end: ${end}`)
  if (start < 0n || start > chars.length) return outOfRange(start)
  if (end !== undefined && (end < 0n || end > chars.length)) return outOfRange(end)
  return joinChars(chars, Number(start), end === undefined ? undefined : Number(end))
}

/** Go's strings.Replace: an empty text to replace stands between all characters. */
function replace(text: string, old: string, by: string, max: bigint, meter: Meter): Result {
  if (max === 0n || old === by) return text
  const pieces = old === '' ? ['', ...text, ''] : text.split(old)
  const count = max < 0n || max > BigInt(pieces.length - 1) ? pieces.length - 1 : Number(max)
  spendWork(meter, (text.length + count * by.length) / 20)
  if (old === '') {
    const chars = [...text]
    const head = chars.slice(0, count).map(char => by + char)
    return head.join('') + (count > chars.length ? by : '') + chars.slice(count).join('')
  }
  return (
    pieces.slice(0, count + 1).join(by) +
    pieces
      .slice(count + 1)
      .map(piece => old + piece)
      .join('')
  )
}

function split(text: string, separator: string, max: bigint): Result {
  if (max === 0n) return listValue([])
  const parts = separator === '' ? [...text] : text.split(separator)
  if (max < 0n || BigInt(parts.length) <= max) return listValue(parts)
  const last = Number(max) - 1
  return listValue([...parts.slice(0, last), parts.slice(last).join(separator)])
}

function join(parts: ListValue, separator: string, meter: Meter): Result {
  const texts: string[] = []
  for (let index = 0; index < parts.size; index++) {
    const part = parts.at(index)
    if (typeof part !== 'string') return hasTag(part, 'failure') ? part : fail(`join: invalid input: ${String(part)}`)
    texts.push(part)
  }
  const joined = texts.join(separator)
  spendWork(meter, parts.size / 4 + joined.length / 20)
  return joined
}

/** What Go calls white space; JavaScript's trim takes a byte order mark too, and leaves the next-line sign. */
function trim(text: string): string {
  const isSpace = (at: number) => /[\s\x85]/.test(text[at] ?? '') && text[at] !== '\ufeff'
  let [start, end] = [0, text.length]
  while (start < end && isSpace(start)) start++
  while (end > start && isSpace(end - 1)) end--
  return text.slice(start, end)
}

const quoted: Readonly<Record<string, string>> = { ...goEscapes, '"': '\\"' }

const quote = (text: string): string => `"${[...text.toWellFormed()].map(char => quoted[char] ?? char).join('')}"`

const sizeOfNode = (node: SizedNode | undefined): Range => node?.librarySize ?? zero

const estimateReplace = ([text, old, by]: readonly SizedNode[]): Estimate => {
  const [size, oldSize, bySize] = [sizeOfNode(text), sizeOfNode(old), sizeOfNode(by)]
  const most = largestReplacement(size, oldSize, bySize)
  const least = smallestReplacement(size, oldSize, bySize)
  const counts = { min: least.count, max: most.count }
  const kept = { min: least.kept, max: most.kept }
  return { cost: textEstimate(size, 2), size: addRanges(multiplyRanges(counts, bySize), kept) }
}

function largestReplacement(size: Range, old: Range, by: Range): { count: number; kept: number } {
  if (old.min === 0) return { count: size.max + 1, kept: size.max }
  if (by.max <= old.min) return { count: 0, kept: size.max }
  return { count: Math.ceil(size.max / old.min), kept: 0 }
}

function smallestReplacement(size: Range, old: Range, by: Range): { count: number; kept: number } {
  if (old.max === 0) return { count: size.min + 1, kept: size.min }
  if (old.max <= by.min) return { count: 0, kept: size.min }
  return { count: Math.ceil(size.min / old.max), kept: 0 }
}

const estimateSplit = ([text, , limit]: readonly SizedNode[]): Estimate => {
  const size = sizeOfNode(text)
  const max = typeof limit?.literal === 'bigint' && limit.literal >= 0n ? Number(limit.literal) : size.max
  return { cost: textEstimate(size, 2), size: { min: 0, max } }
}

const estimateJoin = ([items, separator]: readonly SizedNode[]): Estimate => {
  const count = sizeOfNode(items)
  const texts = multiplyRanges(count, items?.itemSize ?? zero)
  const gaps = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) }
  const size = separator === undefined ? texts : addRanges(texts, multiplyRanges(sizeOfNode(separator), gaps))
  return { cost: textEstimate(size), size }
}

const sameSize = {
  ...walksOver(),
  estimate: ([text]: readonly SizedNode[]) => ({ cost: textEstimate(sizeOfNode(text)), size: sizeOfNode(text) }),
}
const traversed = { cost: ([text]: readonly Value[]) => textCost(text) }
const searched = {
  cost: ([text]: readonly Value[]) => Math.floor((typeof text === 'string' ? Buffer.byteLength(text) : 0) * 0.1),
  estimate: ([text]: readonly SizedNode[]) => ({ cost: textEstimate(sizeOfNode(text)) }),
}
const replaced = { cost: ([text]: readonly Value[]) => textCost(text, 2), estimate: estimateReplace }
const divided = { cost: ([text]: readonly Value[]) => textCost(text, 2), estimate: estimateSplit }
const joined = {
  cost: (_: readonly Value[], result: Result) => (typeof result === 'string' ? textCost(result, 2) : 1),
  estimate: estimateJoin,
}
const matched = {
  ...traversed,
  estimate: ([, part]: readonly SizedNode[]) => ({ cost: textEstimate(part?.size ?? zero) }),
}

export const strings: readonly FunctionDeclaration[] = [
  {
    name: 'contains',
    overloads: [
      member([string, string], bool, (text, part) => text.includes(part), {
        cost: ([text, part]) => textCost(text) * textCost(part),
        estimate: ([text, part]) => ({
          cost: multiplyRanges(textEstimate(text?.size ?? zero), textEstimate(part?.size ?? zero)),
        }),
      }),
    ],
  },
  { name: 'startsWith', overloads: [member([string, string], bool, (text, part) => text.startsWith(part), matched)] },
  { name: 'endsWith', overloads: [member([string, string], bool, (text, part) => text.endsWith(part), matched)] },
  { name: 'charAt', overloads: [member([string, int], string, charAt)] },
  {
    name: 'indexOf',
    overloads: [
      member([string, string], int, (text, part) => indexOf(text, part), searched),
      member([string, string, int], int, (text, part, offset) => indexOf(text, part, offset), searched),
    ],
  },
  {
    name: 'lastIndexOf',
    overloads: [
      member([string, string], int, (text, part) => lastIndexOf(text, part), searched),
      member([string, string, int], int, (text, part, offset) => lastIndexOf(text, part, offset), searched),
    ],
  },
  {
    name: 'lowerAscii',
    overloads: [member([string], string, text => text.replace(/[A-Z]+/g, part => part.toLowerCase()), sameSize)],
  },
  {
    name: 'upperAscii',
    overloads: [member([string], string, text => text.replace(/[a-z]+/g, part => part.toUpperCase()), sameSize)],
  },
  {
    name: 'replace',
    overloads: [
      member([string, string, string], string, (text, old, by, meter) => replace(text, old, by, -1n, meter), replaced),
      member([string, string, string, int], string, replace, replaced),
    ],
  },
  {
    name: 'split',
    overloads: [
      member([string, string], list(string), (text, separator) => split(text, separator, -1n), divided),
      member([string, string, int], list(string), (text, separator, max) => split(text, separator, max), divided),
    ],
  },
  {
    name: 'substring',
    overloads: [
      member([string, int], string, (text, start) => substring(text, start), sameSize),
      member([string, int, int], string, (text, start, end) => substring(text, start, end), sameSize),
    ],
  },
  { name: 'trim', overloads: [member([string], string, trim, sameSize)] },
  {
    name: 'join',
    overloads: [
      member([list(string)], string, (parts, meter) => join(parts, '', meter), joined),
      member([list(string), string], string, join, joined),
    ],
  },
  {
    name: 'format',
    overloads: [
      member([string, list({ kind: 'dyn', name: 'dyn', params: [] })], string, formatText, {
        ...traversed,
        estimate: ([text]) => ({ cost: textEstimate(text?.size ?? zero) }),
      }),
    ],
  },
  { name: 'strings.quote', overloads: [overload([string], string, quote, quotedSize())] },
]

function quotedSize() {
  return {
    ...traversed,
    estimate: ([text]: readonly SizedNode[]): Estimate => {
      const size = text?.size ?? zero
      return { cost: textEstimate(size), size: { min: size.min + 2, max: size.max * 2 + 2 } }
    },
  }
}
