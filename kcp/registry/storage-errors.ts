// Errors of the store as Status, per verb. The only place that knows both vocabularies.
import {
  alreadyExists,
  conflict,
  expired,
  failure,
  notFound,
  type StatusError,
  tooManyRequests,
} from '../../api/status-error.ts'
import { StoreError } from '../storage/store.ts'
import type { ResourceType } from './resource.ts'

export function isStoreError(error: unknown, code: StoreError['code']): error is StoreError {
  return error instanceof StoreError && error.code === code
}

/** For create, update, patch and delete of one object. Other errors pass unchanged. */
export function asWriteError(error: unknown, type: ResourceType, name: string): unknown {
  if (isStoreError(error, 'KeyExists')) return alreadyExists(type, name)
  if (isStoreError(error, 'KeyNotFound')) return notFound(type, name)
  if (isStoreError(error, 'RevisionMismatch')) return conflict(type, name)
  if (isStoreError(error, 'TooSlow')) return tooManyRequests('Too many requests, please try again later.', 1)
  return error
}

/** For get and list at a revision. */
export function asReadError(error: unknown): unknown {
  if (isStoreError(error, 'Compacted')) return expired('The resourceVersion for the provided list is too old.')
  if (isStoreError(error, 'FutureRevision')) return tooLargeResourceVersion(0, error.revision)
  return error
}

/** For watches; a slow reader looks to clients like lost history, so that they list again. */
export function asWatchError(error: unknown, resourceVersion: number): unknown {
  if (isStoreError(error, 'Compacted')) {
    return expired(`too old resource version: ${resourceVersion} (${error.revision})`)
  }
  if (isStoreError(error, 'TooSlow')) return expired('too old resource version: the watch fell behind')
  return error
}

export function tooLargeResourceVersion(wanted: number, current: number): StatusError {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}
