// Whether a namespace exists and lasts, read from the store without parsing: every create in it waits for the answer.
import { Buffer } from 'node:buffer'
import type { Store } from '../storage/store.ts'
import type { AdmissionDeps } from './plugin.ts'

const namespacesPrefix = '/registry/core/namespaces/'
/** Inside a string the quotes would be escaped. */
const deletionMark = Buffer.from('"deletionTimestamp":"')

/** `cluster` is '' on a server with one cluster. */
export function createNamespaceState(store: Pick<Store, 'get'>): AdmissionDeps['namespaceState'] {
  return async (cluster, namespace) => {
    const stored = await store.get(`${namespacesPrefix}${cluster === '' ? '' : `${cluster}/`}${namespace}`)
    if (stored === undefined) return 'missing'
    const { buffer, byteOffset, byteLength } = stored.value
    return Buffer.from(buffer, byteOffset, byteLength).includes(deletionMark) ? 'terminating' : 'active'
  }
}
