// YAML as Kubernetes reads it: version 1.1, through JSON; of several documents the first one.
// Leaves out: the words of Go's parser, but for what people meet.
import { type Document, parseAllDocuments, type YAMLError } from 'yaml'
import { parseSentJson, rawNumber } from '../../api/json.ts'
import type { DecodedBody } from './decode-body.ts'
import { duplicateLine } from './duplicate-fields.ts'

/** A text is what is wrong. */
export function parseYamlText(text: string): DecodedBody | string {
  try {
    // Dates stay texts, and large integers keep their digits.
    const [first] = parseAllDocuments(text, {
      version: '1.1',
      schema: 'yaml-1.1',
      customTags: tags => tags.filter(notDate),
      intAsBigInt: true,
    }) as Document.Parsed[]
    if (!first) return { body: null, duplicateFields: [], duplicateLines: [] }
    const problem = first.errors.find(error => error.code !== duplicateKey)
    if (problem) return `yaml: ${goWords(problem)}`
    const body = parseSentJson(JSON.stringify(first.toJS() ?? null, withBigInts))
    const duplicateLines = first.errors.map(error => duplicateLineOf(error, text))
    return { body, duplicateFields: [], duplicateLines }
  } catch (error) {
    // ReferenceError: aliases that grow without end; RangeError: its parser calls itself for each level.
    if (!(error instanceof Error)) throw error
    return error instanceof TypeError
      ? `yaml: anchor '${anchorIn(text)}' value contains itself`
      : `yaml: ${error.message}`
  }
}

/** JSON cannot hold what contains itself. */
function anchorIn(text: string): string {
  return /&([^\s,[\]{}]+)/.exec(text)?.[1] ?? ''
}

const duplicateKey = 'DUPLICATE_KEY'

function duplicateLineOf({ linePos, pos }: YAMLError, text: string): string {
  const key = /^(?:"([^"]*)"|'([^']*)'|([^\s:,}]*))/.exec(text.slice(pos[0])) ?? []
  return duplicateLine(key[1] ?? key[2] ?? key[3] ?? '', linePos?.[0].line ?? 1)
}

const known: readonly (readonly [ours: RegExp, go: string])[] = [
  [/^Tabs are not allowed as indentation/, 'found character that cannot start any token'],
  [
    /^Flow sequence in block collection must be sufficiently indented and end with a \]/,
    "did not find expected ',' or ']'",
  ],
  [/^Flow map in block collection must be sufficiently indented and end with a \}/, "did not find expected ',' or '}'"],
  [/^Nested mappings are not allowed in compact mappings/, 'mapping values are not allowed in this context'],
]

function goWords({ message, linePos }: YAMLError): string {
  const [, words] = known.find(([ours]) => ours.test(message)) ?? []
  const line = linePos?.[0].line ?? 1
  if (words === undefined) return message.split('\n')[0]?.replace(/:$/, '') ?? ''
  return words.startsWith('mapping') && line === 1 ? words : `line ${line}: ${words}`
}

function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawNumber(String(value)) : value
}

function notDate(tag: unknown): boolean {
  return !(typeof tag === 'object' && tag !== null && 'tag' in tag && tag.tag === 'tag:yaml.org,2002:timestamp')
}
