// The 409 that an apply gets when it would change what others own.
import { failure, type StatusError } from '../../status-error.ts'
import type { Owner } from './field-owners.ts'
import type { Conflict } from './ownership.ts'
import { pathsOf } from './paths.ts'

export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const found = conflicts.map(({ owner, fields }) => ({ who: ownerText(owner), paths: pathsOf(fields) }))
  const causes = found.flatMap(({ who, paths }) =>
    paths.map(field => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  )
  const [only] = causes
  const list = found.map(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map(path => `- ${path}`)].join('\n'))
  const message =
    causes.length === 1 && only !== undefined
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${list.join('\n')}`
  return failure(409, 'Conflict', message, { causes })
}

function ownerText({ manager, operation, apiVersion, subresource }: Owner): string {
  const name = JSON.stringify(manager) + (subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`)
  return operation === 'Update' ? `${name} using ${apiVersion}` : name
}
