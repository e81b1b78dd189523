// Query parameters of reads and writes as options of the registry.
import { badRequest, invalid } from '../../api/status-error.ts'
import type { ListOptions } from '../registry/list.ts'
import type { FieldValidation } from '../registry/parts.ts'
import type { ResourceType } from '../registry/resource.ts'
import { parseSelection } from '../registry/selection.ts'
import { checkFieldManager } from '../schema/field-manager.ts'

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

export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions'

export function fieldValidationOf(query: URLSearchParams, kind: OptionsKind, unset: FieldValidation): FieldValidation {
  const text = query.get('fieldValidation') ?? ''
  if (text === '') return unset
  if (text === 'Ignore' || text === 'Warn' || text === 'Strict') return text
  throw unsupported(kind, {
    field: 'fieldValidation',
    printed: JSON.stringify(text),
    supported: ['', 'Ignore', 'Strict', 'Warn'],
  })
}

export function isDryRun(query: URLSearchParams, kind: OptionsKind): boolean {
  const values = query.getAll('dryRun').filter(value => value !== '')
  const wrong = values.find(value => value !== 'All')
  if (wrong !== undefined) {
    const printed = `[]string{${values.map(value => JSON.stringify(value)).join(', ')}}`
    throw unsupported(kind, { field: 'dryRun', printed, supported: ['All'] })
  }
  return values.length > 0
}

interface UnsupportedOption {
  readonly field: string
  readonly printed: string
  readonly supported: readonly string[]
}

/** 422 about one of the options of a write. */
export function unsupported(kind: OptionsKind, { field, printed, supported }: UnsupportedOption) {
  const list = supported.map(each => JSON.stringify(each)).join(', ')
  return invalid({ group: 'meta.k8s.io', kind }, '', [
    {
      field,
      type: 'FieldValueNotSupported',
      message: `Unsupported value: ${printed}: supported values: ${list}`,
    },
  ])
}

export function fieldManagerOf(query: URLSearchParams, kind: OptionsKind): string {
  const manager = query.get('fieldManager') ?? ''
  const errors = manager === '' || kind === 'DeleteOptions' ? [] : checkFieldManager(manager, 'fieldManager')
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors)
  return manager
}
