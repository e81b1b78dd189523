// Two small hand-made types for tests of the request path: a native one (configmaps) and a custom one with status and
// scale (widgets).
import type { JsonObject } from '../../api/json.ts'
import { formatAgeSince } from '../../api/time.ts'
import type { ResourceType, TableType } from '../../kcp/registry/resource.ts'
import { compileSchema } from '../../kcp/schema/compile.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

const nameAndAge: TableType = {
  columns: [
    { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
    { name: 'Age', type: 'string', format: '', description: '', priority: 0 },
  ],
  cells: (object, now) => [object.metadata.name, formatAgeSince(object.metadata.creationTimestamp, now)],
}

const common = {
  verbs,
  shortNames: [],
  categories: [],
  namespaced: true,
  identityHash: '',
  table: nameAndAge,
}

const stringMap: JsonObject = { type: 'object', additionalProperties: { type: 'string' } }
const openObject: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const typeMembers: JsonObject = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object' },
}

export const configMaps: ResourceType = {
  ...common,
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  listKind: 'ConfigMapList',
  singular: '',
  shortNames: ['cm'],
  subresources: {},
  storageVersion: 'v1',
  keyPrefix: '/registry/core/configmaps/',
  origin: 'native',
  schema: compileSchema({ type: 'object', properties: { ...typeMembers, data: stringMap } }),
  strategy: {},
}

export const widgets: ResourceType = {
  ...common,
  group: 'example.io',
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  listKind: 'WidgetList',
  singular: 'widget',
  subresources: {
    status: { verbs: ['get', 'patch', 'update'] },
    scale: {
      verbs: ['get', 'patch', 'update'],
      responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      scale: { specReplicas: ['spec', 'replicas'], statusReplicas: ['status', 'replicas'] },
    },
  },
  storageVersion: 'v1',
  keyPrefix: '/registry/example.io/widgets/customresources/',
  origin: 'custom',
  schema: compileSchema({
    type: 'object',
    properties: {
      ...typeMembers,
      spec: {
        type: 'object',
        properties: { replicas: { type: 'integer' }, size: { type: 'string', default: 'small' }, extra: openObject },
      },
      status: openObject,
    },
  }),
  strategy: {},
}
