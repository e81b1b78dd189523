// Query parameters of reads and writes as options of the registry.
import { badRequest, type FieldError, invalid } from '../../api/status-error.ts'
import type { ListOptions } from '../registry/list.ts'
import type { FieldValidation } from '../registry/parts.ts'
import type { ResourceType } from '../registry/resource.ts'
import { forbiddenListOption } from '../registry/resource-version.ts'
import { parseSelection } from '../registry/selection.ts'
import { checkFieldManager } from '../schema/field-manager.ts'
import type { ApiRequest } from './exchange.ts'

export function listOptionsOf(type: ResourceType, query: URLSearchParams): ListOptions {
  const resourceVersion = query.get('resourceVersion')
  const match = query.get('resourceVersionMatch')
  const token = query.get('continue')
  integerOf(query, 'timeoutSeconds')
  return {
    selection: parseSelection(type, query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''),
    limit: integerOf(query, 'limit') ?? 0,
    ...(token ? { continue: token } : {}),
    ...(resourceVersion !== null ? { resourceVersion } : {}),
    ...(match !== null ? { resourceVersionMatch: match } : {}),
  }
}

export function refuseInitialEvents({ query }: Pick<ApiRequest, 'query'>): void {
  if (query.has('sendInitialEvents')) {
    throw forbiddenListOption('sendInitialEvents is forbidden for list', 'sendInitialEvents')
  }
}

/** As Go parses an int64. */
export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const problem = /^[+-]?\d+$/.test(text) ? 'value out of range' : 'invalid syntax'
  if (problem === 'value out of range' && isInt64(BigInt(text.replace('+', '')))) return Number(text)
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${problem}`)
}

const isInt64 = (value: bigint) => BigInt.asIntN(64, value) === value

export type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions'

export interface WriteOptions {
  readonly dryRun: boolean
  /** '' when the client names none. */
  readonly fieldManager: string
  readonly fieldValidation: FieldValidation
}

interface WriteOptionsCheck {
  readonly kind: OptionsKind
  /** What holds where the client does not say. */
  readonly fieldValidation: FieldValidation
  /** Found before, about options of one verb only. */
  readonly errors?: readonly FieldError[]
}

/** Throws 422 that names every wrong option, in the order in which Kubernetes checks them. */
export function writeOptionsOf(query: URLSearchParams, check: WriteOptionsCheck): WriteOptions {
  const { kind } = check
  const isDelete = kind === 'DeleteOptions'
  const fieldManager = isDelete ? '' : (query.get('fieldManager') ?? '')
  const dryRun = query.getAll('dryRun')
  const validation = isDelete ? '' : (query.get('fieldValidation') ?? '')
  const errors = [
    ...(check.errors ?? []),
    ...(fieldManager === '' ? [] : checkFieldManager(fieldManager, 'fieldManager')),
    ...checkDryRun(dryRun),
    ...(isFieldValidation(validation) ? [] : [unsupportedFieldValidation(validation)]),
  ]
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors)
  const fieldValidation = isFieldValidation(validation) && validation !== '' ? validation : check.fieldValidation
  return { dryRun: dryRun.length > 0, fieldManager, fieldValidation }
}

function isFieldValidation(text: string): text is FieldValidation | '' {
  return text === '' || text === 'Ignore' || text === 'Warn' || text === 'Strict'
}

function unsupportedFieldValidation(text: string): FieldError {
  return unsupportedOption('fieldValidation', JSON.stringify(text), ['', 'Ignore', 'Strict', 'Warn'])
}

export function checkDryRun(values: readonly string[]): FieldError[] {
  if (values.every(value => value === 'All')) return []
  const printed = `[]string{${values.map(value => JSON.stringify(value)).join(', ')}}`
  return [unsupportedOption('dryRun', printed, ['All'])]
}

export function unsupportedOption(field: string, printed: string, supported: readonly string[]): FieldError {
  const list = supported.map(each => JSON.stringify(each)).join(', ')
  const message = `Unsupported value: ${printed}: supported values: ${list}`
  return { field, type: 'FieldValueNotSupported', message }
}
