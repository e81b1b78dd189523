// What tokens are checked against: ServiceAccounts, their Secrets and Pods as they are stored now. What is asked for often
// is kept until `written` says that it changed.
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import { clusterPart } from '../registry/keys.ts'
import type { Store } from '../storage/store.ts'
import type { ServiceAccountLookups } from './authenticators/service-account.ts'
import { createKeptReads } from './kept-reads.ts'

const decoder = new TextDecoder()

export interface StoredAccounts extends Required<ServiceAccountLookups> {
  /** As of RbacSource. */
  written(key: string): void
}

/** The members that count; a whole Secret is not held. */
interface Facts {
  readonly uid: string
  readonly deleting: boolean
  readonly token: string
  readonly serviceAccountName: string
  readonly nodeName: string
}

const corePrefix = '/registry/core/'
const keptResources = ['serviceaccounts/', 'secrets/', 'pods/', 'nodes/']

export function createStoredAccounts(store: Store): StoredAccounts {
  const kept = createKeptReads(async key => {
    const stored = await store.get(key)
    const object: unknown = stored && JSON.parse(decoder.decode(stored.value))
    return isJsonObject(object) ? factsOf(object) : undefined
  })
  const read = (resource: string, cluster: string, path: string): Promise<Facts | undefined> =>
    kept.read(`${corePrefix}${resource}/${clusterPart(cluster)}${path}`)
  return {
    serviceAccount: (cluster, namespace, name) => read('serviceaccounts', cluster, `${namespace}/${name}`),
    async secret(cluster, namespace, name) {
      const facts = await read('secrets', cluster, `${namespace}/${name}`)
      return facts?.deleting ? undefined : facts
    },
    pod: (cluster, namespace, name) => read('pods', cluster, `${namespace}/${name}`),
    node: (cluster, name) => read('nodes', cluster, name),
    written(key) {
      if (keptResources.some(resource => key.startsWith(resource, corePrefix.length))) kept.forget(key)
    },
  }
}

function factsOf(object: JsonObject): Facts {
  const token = isJsonObject(object.data) ? object.data.token : undefined
  const specText = (member: string): string => textAt(object, 'spec', member)
  return {
    uid: textAt(object, 'metadata', 'uid'),
    deleting: textAt(object, 'metadata', 'deletionTimestamp') !== '',
    token: typeof token === 'string' ? Buffer.from(token, 'base64').toString() : '',
    serviceAccountName: specText('serviceAccountName'),
    nodeName: specText('nodeName'),
  }
}

function textAt(object: JsonObject, part: 'metadata' | 'spec', member: string): string {
  const parent = object[part]
  const value = isJsonObject(parent) ? parent[member] : undefined
  return typeof value === 'string' ? value : ''
}
