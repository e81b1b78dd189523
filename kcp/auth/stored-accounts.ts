// What tokens are checked against: ServiceAccounts, their Secrets and Pods as they are stored now.
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import { clusterPart } from '../registry/keys.ts'
import type { Store } from '../storage/store.ts'
import type { ServiceAccountLookups } from './authenticators/service-account.ts'

const decoder = new TextDecoder()

export function createStoredAccounts(store: Store): Required<ServiceAccountLookups> {
  const read = async (resource: string, cluster: string, path: string): Promise<JsonObject | undefined> => {
    const stored = await store.get(`/registry/core/${resource}/${clusterPart(cluster)}${path}`)
    const object: unknown = stored && JSON.parse(decoder.decode(stored.value))
    return isJsonObject(object) ? object : undefined
  }
  return {
    async serviceAccount(cluster, namespace, name) {
      const object = await read('serviceaccounts', cluster, `${namespace}/${name}`)
      return object && { uid: metadataText(object, 'uid') }
    },
    async secret(cluster, namespace, name) {
      const object = await read('secrets', cluster, `${namespace}/${name}`)
      if (!object || metadataText(object, 'deletionTimestamp') !== '') return undefined
      const token = isJsonObject(object.data) ? object.data.token : undefined
      const text = typeof token === 'string' ? Buffer.from(token, 'base64').toString() : ''
      return { uid: metadataText(object, 'uid'), token: text }
    },
    async pod(cluster, namespace, name) {
      const object = await read('pods', cluster, `${namespace}/${name}`)
      return object && { uid: metadataText(object, 'uid') }
    },
  }
}

function metadataText(object: JsonObject, member: string): string {
  const value = isJsonObject(object.metadata) ? object.metadata[member] : undefined
  return typeof value === 'string' ? value : ''
}
