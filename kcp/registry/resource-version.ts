// The resourceVersion parameter of reads: its syntax, and waiting for one that is not written yet.
import { type FieldError, failure, invalid } from '../../api/status-error.ts'
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

export interface VersionOptions {
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: string
  readonly continue?: string
}

export function parseVersionMatch(options: VersionOptions): VersionMatch {
  const { resourceVersion = '', resourceVersionMatch: match = '' } = options
  if (match === '') return ''
  const errors: FieldError[] = []
  if (resourceVersion === '')
    errors.push(forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided'))
  if (options.continue) errors.push(forbidden('resourceVersionMatch is forbidden when continue is provided'))
  if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(unsupportedMatch(match, '"Exact", "NotOlderThan", ""'))
  if (match === 'Exact' && resourceVersion === '0') {
    errors.push(forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  if (errors.length > 0) throw invalid(listOptionsKind, '', errors)
  return match === 'Exact' ? 'Exact' : 'NotOlderThan'
}

const listOptionsKind = { group: 'meta.k8s.io', kind: 'ListOptions' }

function forbidden(text: string): FieldError {
  return { field: 'resourceVersionMatch', type: 'FieldValueForbidden', message: `Forbidden: ${text}` }
}

export function unsupportedMatch(match: string, supported: string): FieldError {
  const message = `Unsupported value: ${JSON.stringify(match)}: supported values: ${supported}`
  return { field: 'resourceVersionMatch', type: 'FieldValueNotSupported', message }
}

/** Throws 422 that names every wrong option of a watch, in the order in which Kubernetes checks them. */
export function checkWatchOptions(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? ''
  const asksForState = query.has('sendInitialEvents')
  const errors: FieldError[] = []
  if (asksForState && match !== 'NotOlderThan')
    errors.push(forbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  if (match !== '') {
    if (!asksForState)
      errors.push(forbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
    if (match !== 'NotOlderThan') errors.push(unsupportedMatch(match, '"NotOlderThan"'))
    if (query.get('continue')) errors.push(forbidden('resourceVersionMatch is forbidden when continue is provided'))
  }
  if (errors.length > 0) throw invalid(listOptionsKind, '', errors)
}

/** 422 about an option of a list or watch. */
export function forbiddenListOption(text: string, field = 'resourceVersionMatch') {
  return invalid(listOptionsKind, '', [{ field, type: 'FieldValueForbidden', message: `Forbidden: ${text}` }])
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
