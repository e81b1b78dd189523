// Documents about a set of types (discovery, OpenAPI) are made once per set, however many logical clusters serve it.
import type { ApiSet } from '../registry/resource.ts'

export type DocumentCache<Document extends string | Uint8Array = string> = (
  apis: ApiSet,
  name: string,
  make: () => Document | undefined,
) => Document | undefined

export function createDocumentCache<Document extends string | Uint8Array = string>(): DocumentCache<Document> {
  const bySet = new WeakMap<ApiSet, Map<string, Document | undefined>>()
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
