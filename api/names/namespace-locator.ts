// Where a downstream namespace (or cluster-scoped object) comes from, and the names derived from it.
// The JSON text is hashed, so it is written byte for byte as Go's encoder does.
import { goJson } from '../go-json.ts'
import { getOwn, isJsonObject, type JsonObject, type JsonValue, parseJson } from '../json.ts'
import { hash36, hash62 } from './hash.ts'

export interface NamespaceLocator {
  readonly syncTarget: { readonly cluster: string; readonly name: string; readonly uid: string }
  /** Logical cluster of the upstream namespace. */
  readonly cluster: string
  /** Upstream namespace; empty for cluster-scoped objects. */
  readonly namespace: string
}

/** The normal form, also the key to look locators up by: fixed order, empty clusters left out. */
export function formatNamespaceLocator(locator: NamespaceLocator): string {
  const { cluster, name, uid } = locator.syncTarget
  const syncTarget = { ...(cluster === '' ? {} : { cluster }), name, uid }
  const whole = { syncTarget, ...(locator.cluster === '' ? {} : { cluster: locator.cluster }) }
  return goJson({ ...whole, namespace: locator.namespace })
}

/** Reads an annotation; unknown members are ignored. Throws on text that is no JSON object of this shape. */
export function parseNamespaceLocator(text: string): NamespaceLocator {
  let value: JsonValue
  try {
    value = parseJson(text)
  } catch (cause) {
    throw new Error(`invalid character in namespace locator ${JSON.stringify(text)}`, { cause })
  }
  if (!isJsonObject(value)) throw new Error(`namespace locator ${JSON.stringify(text)} is not an object`)
  const syncTarget = getOwn(value, 'syncTarget') ?? {}
  if (!isJsonObject(syncTarget))
    throw new Error(`syncTarget of namespace locator ${JSON.stringify(text)} is not an object`)
  return {
    syncTarget: {
      // Release 0.6.0 wrote `path` where later ones have `cluster`.
      cluster: textOf(syncTarget, 'cluster') || textOf(syncTarget, 'path'),
      name: textOf(syncTarget, 'name'),
      uid: textOf(syncTarget, 'uid'),
    },
    cluster: textOf(value, 'cluster'),
    namespace: textOf(value, 'namespace'),
  }
}

export function equalNamespaceLocators(a: NamespaceLocator, b: NamespaceLocator): boolean {
  return formatNamespaceLocator(a) === formatNamespaceLocator(b)
}

/** The name a new downstream namespace gets. One that exists with an equal locator keeps its own. */
export function downstreamNamespaceName(locator: NamespaceLocator): string {
  return `kcp-${hash36(formatNamespaceLocator(locator), 12)}`
}

/** Label value shared by all downstream namespaces of one upstream workspace on one SyncTarget. */
export function tenantId(locator: NamespaceLocator): string {
  return hash62(formatNamespaceLocator({ ...locator, namespace: '' }))
}

function textOf(object: JsonObject, key: string): string {
  const value = getOwn(object, key) ?? ''
  if (typeof value !== 'string') throw new Error(`${key} of namespace locator is not a string`)
  return value
}
