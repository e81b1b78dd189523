// A served type for tests of documents: widgets of ex.io, with a status.
import type { JsonObject } from '../../api/json.ts'
import { compileSchema } from '../../kcp/schema/compile.ts'
import type { ServedType } from '../../kcp/schema/served-type.ts'

export function servedWidgets(spec: JsonObject): ServedType {
  return {
    group: 'ex.io',
    version: 'v1',
    resource: 'widgets',
    kind: 'Widget',
    listKind: 'WidgetList',
    singular: 'widget',
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
    subresources: { status: { verbs: ['get', 'patch', 'update'] } },
    origin: 'custom',
    schema: compileSchema({ type: 'object', properties: { spec } }),
  }
}
