// Whether an APIExport caps what its consumers may do, read out of the store and kept until the export is written.
import { isJsonObject, type JsonValue } from '../../api/json.ts'
import type { Store } from '../storage/store.ts'
import { createKeptReads } from './kept-reads.ts'

export interface ExportPolicies {
  hasLocalPolicy(exportCluster: string, exportName: string): Promise<boolean>
  /** As of RbacSource. */
  written(key: string): void
}

const exportsPrefix = '/registry/apis.kcp.io/apiexports/customresources/'
const decoder = new TextDecoder()

export function createExportPolicies(store: Store): ExportPolicies {
  const policies = createKeptReads(async key => {
    const stored = await store.get(key)
    const policy = stored && member(member(JSON.parse(decoder.decode(stored.value)), 'spec'), 'maximalPermissionPolicy')
    return isJsonObject(member(policy, 'local'))
  })
  return {
    hasLocalPolicy: (exportCluster, exportName) => policies.read(`${exportsPrefix}${exportCluster}/${exportName}`),
    written(key) {
      if (key.startsWith(exportsPrefix)) policies.forget(key)
    },
  }
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value[name] : undefined
}
