// Versions of a CRD. Kubernetes checks its internal type, in which what all versions say alike stands once at the top:
// so do the paths of errors (spec.validation for spec.versions[0].schema).
import { equalJson, isJsonObject, type JsonObject } from '../../../api/json.ts'
import { checkServiceName } from '../../../api/names/rules.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { ruleChars, ruleCharsMax, tooManyRules } from '../../schema/cel/schema-rules.ts'
import { checkSchema } from '../../schema/check-schema.ts'
import { invalidGoValue, invalidValue, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { objectAt, objectsAt, textAt, valueAt } from '../members.ts'
import { checkSelectableFields } from './selectable-fields.ts'

const parts = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const
type Part = (typeof parts)[number]

/** Schemas that need no second look: those of the object before, by version. */
export type KnownSchemas = ReadonlyMap<string, JsonObject>

/** A schema is checked together with whether the status has an endpoint of its own. */
export function knownSchemas(spec: JsonObject): KnownSchemas {
  return new Map(objectsAt(spec, 'versions').map(version => [textAt(version, 'name'), schemaFacts(version)]))
}

function schemaFacts(version: JsonObject): JsonObject {
  return { schema: version.schema ?? null, status: valueAt(version, 'subresources', 'status') !== undefined }
}

export interface VersionErrors {
  /** Of each version. */
  readonly own: readonly FieldError[]
  /** Of the set of versions. */
  readonly set: readonly FieldError[]
  /** Of what all have alike. */
  readonly shared: readonly FieldError[]
}

export function checkVersions(spec: JsonObject, known: KnownSchemas): VersionErrors {
  const versions = objectsAt(spec, 'versions')
  const isShared = (part: Part) => versions.every(version => equalJson(version[part], versions[0]?.[part]))
  const shared = parts.filter(isShared)
  const own = parts.filter(part => !isShared(part))
  const hasAnyStatus = versions.some(hasStatus)
  const [first] = versions
  const missing = versions.flatMap((version, index) =>
    isJsonObject(valueAt(version, 'schema', 'openAPIV3Schema'))
      ? []
      : [requiredValue(`${indexPath('spec.versions', index)}.schema.openAPIV3Schema`, 'schemas are required')],
  )
  const schemas = (isShared('schema') ? versions.slice(0, 1) : versions).map(({ schema }) => schema)
  const chars = schemas.reduce<number>(
    (sum, schema) => sum + (isJsonObject(schema) ? ruleChars(schema.openAPIV3Schema) : 0),
    0,
  )
  if (chars > ruleCharsMax) return { own: missing, set: [tooManyRules('spec.versions')], shared: [] }
  const each = versions.flatMap((version, index) => {
    const path = indexPath('spec.versions', index)
    return [
      ...checkVersionName(version, `${path}.name`),
      ...checkDeprecation(version, `${path}.deprecationWarning`),
      ...checkParts(version, own, { path, hasStatus: hasStatus(version), known }),
    ]
  })
  const alike = first ? checkParts(first, shared, { path: 'spec', hasStatus: hasAnyStatus, known }) : []
  return { own: [...missing, ...each], set: checkSet(versions), shared: alike }
}

function hasStatus(version: JsonObject): boolean {
  return valueAt(version, 'subresources', 'status') !== undefined
}

interface PartPlace {
  readonly path: string
  readonly hasStatus: boolean
  readonly known: KnownSchemas
}

function checkParts(version: JsonObject, present: readonly Part[], { path, hasStatus, known }: PartPlace) {
  const errors: FieldError[] = []
  const schema = objectAt(version, 'schema', 'openAPIV3Schema')
  const schemaPath = `${path}.${path === 'spec' ? 'validation' : 'schema'}.openAPIV3Schema`
  const isKnown = equalJson(known.get(textAt(version, 'name')), schemaFacts(version))
  const hasSchema = valueAt(version, 'schema', 'openAPIV3Schema') !== undefined
  if (present.includes('schema') && hasSchema && !isKnown) {
    errors.push(...checkSchema({ schema, path: schemaPath, hasStatus }))
  }
  if (present.includes('subresources')) errors.push(...checkScale(version, `${path}.subresources.scale`))
  if (present.includes('additionalPrinterColumns')) {
    objectsAt(version, 'additionalPrinterColumns').forEach((column, index) => {
      errors.push(...checkColumn(column, indexPath(`${path}.additionalPrinterColumns`, index)))
    })
  }
  if (present.includes('selectableFields')) {
    errors.push(...checkSelectableFields(version, schema, `${path}.selectableFields`))
  }
  return errors
}

function checkVersionName(version: JsonObject, field: string): FieldError[] {
  const name = textAt(version, 'name')
  const problems = checkServiceName(name)
  return problems.length === 0 ? [] : [invalidValue(field, name, problems.join(','))]
}

const warningCharsMax = 256
const notPrintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u

function checkDeprecation({ deprecated, deprecationWarning: warning }: JsonObject, field: string): FieldError[] {
  if (typeof warning !== 'string') return []
  const refuse = (text: string) => invalidValue(field, warning, text)
  if (deprecated !== true) return [refuse('can only be set for deprecated versions')]
  const errors: FieldError[] = []
  if (Buffer.byteLength(warning) > warningCharsMax) {
    errors.push(refuse(`must be <= ${warningCharsMax} characters long`))
  }
  if (warning === '') errors.push(refuse('must not be an empty string'))
  const at = warning.search(notPrintable)
  if (at >= 0) {
    const index = Buffer.byteLength(warning.slice(0, at))
    errors.push(refuse(`must only contain printable UTF-8 characters; non-printable character found at index ${index}`))
  }
  return errors
}

/** Kubernetes prints the versions with addresses of memory; here they are named. */
function checkSet(versions: readonly JsonObject[]): FieldError[] {
  const names = versions.map(version => textAt(version, 'name'))
  const printed = names.length === 0 ? '[]apiextensions.CustomResourceDefinitionVersion{}' : JSON.stringify(names)
  const errors: FieldError[] = []
  if (new Set(names).size < names.length) {
    errors.push(invalidGoValue('spec.versions', printed, 'must contain unique version names'))
  }
  if (versions.filter(version => version.storage === true).length !== 1) {
    const text = 'must have exactly one version marked as storage version'
    errors.push(invalidGoValue('spec.versions', printed, text))
  }
  const [first] = versions
  return first ? [...errors, ...checkVersionName(first, 'spec.version')] : errors
}

const replicaPaths = [
  ['specReplicasPath', '.spec.', 'should be a json path under .spec'],
  ['statusReplicasPath', '.status.', 'should be a json path under .status'],
] as const

function checkScale(version: JsonObject, path: string): FieldError[] {
  const scale = valueAt(version, 'subresources', 'scale')
  if (!isJsonObject(scale)) return []
  const errors: FieldError[] = []
  for (const [name, start, text] of replicaPaths) {
    const value = textAt(scale, name)
    const field = `${path}.${name}`
    if (value === '') errors.push(requiredValue(field))
    else if (!value.startsWith('.')) errors.push(invalidValue(field, value, simplePathText))
    else if (!value.startsWith(start)) errors.push(invalidValue(field, value, text))
  }
  const selector = textAt(scale, 'labelSelectorPath')
  const field = `${path}.labelSelectorPath`
  if (selector === '') return errors
  if (!selector.startsWith('.')) return [...errors, invalidValue(field, selector, simplePathText)]
  if (selector.startsWith('.spec.') || selector.startsWith('.status.')) return errors
  return [...errors, invalidValue(field, selector, 'should be a json path under either .spec or .status')]
}

const simplePathText = 'must be a simple json path starting with .'
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

function checkColumn(column: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const [name, type, format, jsonPath] = ['name', 'type', 'format', 'jsonPath'].map(member => textAt(column, member))
  const typeText = `must be one of ${columnTypes.join(',')}`
  if (!name) errors.push(requiredValue(`${path}.name`))
  if (!type) errors.push(requiredValue(`${path}.type`, typeText))
  else if (!columnTypes.includes(type)) errors.push(invalidValue(`${path}.type`, type, typeText))
  if (format && !columnFormats.includes(format)) {
    errors.push(invalidValue(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`))
  }
  if (!jsonPath) errors.push(requiredValue(`${path}.JSONPath`))
  else if (!jsonPath.startsWith('.')) errors.push(invalidValue(`${path}.JSONPath`, jsonPath, simplePathText))
  return errors
}
