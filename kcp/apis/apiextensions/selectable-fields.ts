// selectableFields of a CRD's version: paths to plain values in its schema, which field selectors may then name.
import { getOwn, isJsonObject, type JsonObject } from '../../../api/json.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { duplicateValue, invalidValue, requiredValue, tooMany } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { objectsAt, textAt } from '../members.ts'

const fieldsMax = 8
const plainTypes = ['string', 'boolean', 'integer']

export function checkSelectableFields(version: JsonObject, schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  objectsAt(version, 'selectableFields').forEach((entry, index) => {
    const jsonPath = textAt(entry, 'jsonPath')
    const field = `${indexPath(path, index)}.jsonPath`
    if (jsonPath === '') {
      errors.push(requiredValue(field))
      return
    }
    const found = findField(jsonPath, schema)
    if (typeof found === 'string') {
      errors.push(invalidValue(field, jsonPath, `is an invalid path: ${found}`))
      return
    }
    if (/^\.metadata(\.|$)/.test(jsonPath)) {
      errors.push(invalidValue(field, jsonPath, 'must not point to fields in metadata'))
    }
    if (!plainTypes.includes(String(found.type))) {
      const text =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      errors.push(invalidValue(field, jsonPath, text))
    }
    if (seen.has(jsonPath)) errors.push(duplicateValue(field, JSON.stringify(jsonPath)))
    seen.add(jsonPath)
  })
  if (seen.size > fieldsMax) errors.push(tooMany(path, seen.size, fieldsMax))
  return errors
}

/** The schema at the path, or what is wrong with the path. */
function findField(jsonPath: string, root: JsonObject): JsonObject | string {
  let schema = root
  let rest = jsonPath
  while (rest !== '') {
    if (rest.startsWith('[')) return 'array notation is not allowed'
    if (!rest.startsWith('.')) return `expected [ or . but got: ${/^(?:\]|[^.[\]]+)/.exec(rest)?.[0] ?? rest}`
    const name = /^\.([.[\]]|[^.[\]]*)/.exec(rest)?.[1] ?? ''
    if (name === '') return 'unexpected end of JSON path'
    rest = rest.slice(1 + name.length)
    const { properties, additionalProperties } = schema
    const member = isJsonObject(properties) ? getOwn(properties, name) : additionalProperties
    if (!isJsonObject(member)) return 'does not refer to a valid field'
    schema = member
  }
  return schema
}
