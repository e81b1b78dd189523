// Field selectors (`metadata.name=x,status.phase!=Running`). Errors are 400 with Kubernetes' words.
// Leaves out: which fields a kind knows; the caller says so.
import { badRequest } from '../status-error.ts'

export interface FieldTerm {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** All terms must hold; the empty selector matches everything. */
export type FieldSelector = readonly FieldTerm[]

export function parseFieldSelector(text: string): FieldSelector {
  const parts = splitTerms(text).sort()
  return parts.filter(part => part !== '').map(part => parseTerm(part, text))
}

export function matchesFields(selector: FieldSelector, get: (field: string) => string | undefined): boolean {
  return selector.every(({ field, operator, value }) => ((get(field) ?? '') === value) === (operator === '='))
}

export function formatFieldSelector(selector: FieldSelector): string {
  const escaped = (value: string) => value.replace(/[\\,=]/g, sign => `\\${sign}`)
  return selector.map(({ field, operator, value }) => field + operator + escaped(value)).join(',')
}

/** The value that a field must have, when the selector leaves only one. */
export function exactFieldValue(selector: FieldSelector, field: string): string | undefined {
  return selector.find(term => term.field === field && term.operator === '=')?.value
}

/** Throws for a field that is not known: kinds with none of their own name the two there are. */
export function checkFields(
  selector: FieldSelector,
  isKnown: (field: string) => boolean,
  wording: 'common' | 'own',
): void {
  const unknown = selector.find(({ field }) => !isKnown(field))
  if (unknown === undefined) return
  const { field } = unknown
  if (wording === 'own') throw badRequest(`field label not supported: ${field}`)
  throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`)
}

/** Splits at commas that no backslash precedes. */
function splitTerms(text: string): string[] {
  const terms: string[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === ',') {
      terms.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...terms, text.slice(start)]
}

function parseTerm(part: string, whole: string): FieldTerm {
  const match = /^(.*?)(!=|==|=)(.*)$/s.exec(part)
  const [, field, operator, value] = match ?? []
  if (field === undefined || value === undefined) {
    throw badRequest(`invalid selector: '${whole}'; can't understand '${part}'`)
  }
  return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(value) }
}

function unescapeValue(value: string): string {
  return value.replace(/\\(.?)|[,=]/gs, (sign: string, escaped: string | undefined) => {
    if (escaped === undefined)
      throw badRequest(`invalid field selector: unescaped character in value: ${sign.charCodeAt(0)}`)
    if (escaped === '' || !'\\,='.includes(escaped)) {
      throw badRequest(`invalid field selector: invalid escape sequence: ${sign}`)
    }
    return escaped
  })
}
