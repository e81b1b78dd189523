// Names of a CRD: those it asks for and those its status accepts.
import type { JsonObject } from '../../../api/json.ts'
import { checkServiceName } from '../../../api/names/rules.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { textAt, textsAt } from '../members.ts'

const requiredNames = ['plural', 'singular', 'kind', 'listKind']

export function checkRequiredNames(names: JsonObject): FieldError[] {
  return requiredNames.filter(name => textAt(names, name) === '').map(name => requiredValue(`spec.names.${name}`))
}

/** Of names that are there; kinds may be in mixed case. */
export function checkNames(names: JsonObject, path: string): FieldError[] {
  const listed = (name: string) =>
    textsAt(names, name).flatMap((text, index) => checkLabel(text, indexPath(`${path}.${name}`, index)))
  const single = requiredNames.flatMap(name => {
    const text = textAt(names, name)
    return text === '' ? [] : checkLabel(text, `${path}.${name}`)
  })
  const kind = textAt(names, 'kind')
  const isSame = kind !== '' && kind === textAt(names, 'listKind')
  const same = isSame ? [invalidValue(`${path}.listKind`, kind, 'kind and listKind may not be the same')] : []
  return [...single, ...listed('shortNames'), ...same, ...listed('categories')]
}

function checkLabel(text: string, field: string): FieldError[] {
  const mayMix = /kind$/i.test(field)
  const problems = checkServiceName(mayMix ? text.toLowerCase() : text)
  if (problems.length === 0) return []
  const mixed = mayMix ? 'may have mixed case, but should otherwise match: ' : ''
  return [invalidValue(field, text, mixed + problems.join(','))]
}
