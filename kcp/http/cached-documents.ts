// Documents about a set of types (discovery, OpenAPI) are made once per set, however many logical clusters serve it.
import type { ApiSet } from '../registry/resource.ts'

export type DocumentCache = (apis: ApiSet, name: string, make: () => string | undefined) => string | undefined

export function createDocumentCache(): DocumentCache {
  const bySet = new WeakMap<ApiSet, Map<string, string | undefined>>()
  return (apis, name, make) => {
    let documents = bySet.get(apis)
    if (!documents) {
      documents = new Map()
      bySet.set(apis, documents)
    }
    if (!documents.has(name)) documents.set(name, make())
    return documents.get(name)
  }
}
