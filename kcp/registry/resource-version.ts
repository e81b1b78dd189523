// The resourceVersion parameter of reads: its syntax, and waiting for one that is not written yet.
import { failure, invalid } from '../../api/status-error.ts'
import type { Store } from '../storage/store.ts'
import { tooLargeResourceVersion } from './storage-errors.ts'

/** `undefined`: the most recent. */
export function parseResourceVersion(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  // Kubernetes answers 500 without a reason here.
  const quoted = JSON.stringify(text)
  throw failure(
    500,
    '',
    `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`,
  )
}

export type VersionMatch = '' | 'Exact' | 'NotOlderThan'

export function parseVersionMatch(match: string | undefined, resourceVersion: string | undefined): VersionMatch {
  if (match === undefined || match === '') return ''
  if (resourceVersion === undefined || resourceVersion === '') {
    throw forbiddenListOption('resourceVersionMatch is forbidden unless resourceVersion is provided')
  }
  if (match === 'Exact' && resourceVersion === '0') {
    throw forbiddenListOption('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
  }
  if (match === 'Exact' || match === 'NotOlderThan') return match
  throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    {
      field: 'resourceVersionMatch',
      type: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
    },
  ])
}

/** 422 about an option of a list or watch. */
export function forbiddenListOption(text: string, field = 'resourceVersionMatch') {
  return invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { field, type: 'FieldValueForbidden', message: `Forbidden: ${text}` },
  ])
}

const waitMsMax = 3000

/** Resolves once the store has this revision; 504 when it does not come in time. */
export async function waitForRevision(store: Store, revision: number): Promise<void> {
  if (store.revision >= revision) return
  const before = store.revision
  const deadline = AbortSignal.timeout(waitMsMax)
  // Every key has this prefix, so any write wakes us up.
  for await (const batch of store.watch('', before, deadline)) {
    if (batch.revision >= revision) return
  }
  if (store.revision < revision) throw tooLargeResourceVersion(revision, store.revision)
}
