// Merge topology of a schema, computed when looked at: schemas may be recursive.
import { isJsonObject } from '../../api/json.ts'
import type { Topology } from '../../api/patch/topology.ts'
import type { SchemaNode } from './schema-node.ts'

const text: Topology = { type: 'string' }
const texts: Topology = { type: 'object', values: text }
const number: Topology = { type: 'integer' }

/** metadata of every object, whatever its schema says. */
export const objectMetaTopology: Topology = {
  type: 'object',
  zeros: { creationTimestamp: null },
  fields: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: number,
    creationTimestamp: text,
    deletionTimestamp: text,
    deletionGracePeriodSeconds: number,
    labels: texts,
    annotations: texts,
    finalizers: { type: 'array', listType: 'set', patchStrategy: ['merge'], items: text },
    managedFields: { type: 'array', listType: 'atomic', items: { type: 'object', open: true } },
    ownerReferences: {
      type: 'array',
      listType: 'map',
      mapKeys: [{ name: 'uid' }],
      patchStrategy: ['merge'],
      patchMergeKey: 'uid',
      items: {
        type: 'object',
        mapType: 'atomic',
        fields: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: 'boolean' },
          blockOwnerDeletion: { type: 'boolean' },
        },
      },
    },
  },
}

/** What Go writes of a type although nobody set it (Topology.zeros); natives only. */
export type ZerosOf = (node: SchemaNode) => Topology['zeros']

interface Building {
  readonly memo: WeakMap<SchemaNode, Topology>
  readonly zerosOf: ZerosOf
}

const noZeros: ZerosOf = () => undefined

/** Topology of a whole object. */
export function objectTopology(root: SchemaNode, zerosOf: ZerosOf = noZeros): Topology {
  const building = { memo: new WeakMap<SchemaNode, Topology>(), zerosOf }
  let fields: Record<string, Topology> | undefined
  return {
    ...plainFacts(root, zerosOf),
    get fields() {
      fields ??= {
        ...Object.fromEntries([...root.properties].map(([name, node]) => [name, topologyOf(node, building)])),
        apiVersion: text,
        kind: text,
        metadata: objectMetaTopology,
      }
      return fields
    },
  }
}

function topologyOf(node: SchemaNode, building: Building): Topology {
  const known = building.memo.get(node)
  if (known) return known
  const topology = node.embedded ? objectTopology(node) : lazyTopology(node, building)
  building.memo.set(node, topology)
  return topology
}

function lazyTopology(node: SchemaNode, building: Building): Topology {
  const topology: Topology = plainFacts(node, building.zerosOf)
  if (isJsonObject(node.raw.properties)) {
    define(topology, 'fields', () =>
      Object.fromEntries([...node.properties].map(([name, member]) => [name, topologyOf(member, building)])),
    )
  }
  if (isJsonObject(node.raw.additionalProperties)) {
    const { values } = node
    if (values !== undefined && values !== true) define(topology, 'values', () => topologyOf(values, building))
  }
  const { items } = node
  if (items !== undefined) define(topology, 'items', () => topologyOf(items, building))
  return topology
}

function define(topology: Topology, name: keyof Topology, compute: () => unknown): void {
  Object.defineProperty(topology, name, {
    enumerable: true,
    configurable: true,
    get() {
      const value = compute()
      Object.defineProperty(topology, name, { value, enumerable: true, configurable: true })
      return value
    },
  })
}

const types = ['object', 'array', 'string', 'integer', 'number', 'boolean'] as const
const listTypes = ['atomic', 'set', 'map'] as const

function plainFacts(node: SchemaNode, zerosOf: ZerosOf): Topology {
  const { raw } = node
  const type = typeOf(node)
  const zeros = zerosOf(node)
  const listType = listTypes.find(name => name === raw['x-kubernetes-list-type'])
  const mapKeys = raw['x-kubernetes-list-map-keys']
  const mapType = raw['x-kubernetes-map-type']
  const strategy = raw['x-kubernetes-patch-strategy']
  const mergeKey = raw['x-kubernetes-patch-merge-key']
  const isOpen = node.open || raw.additionalProperties === true
  return {
    ...(type === undefined ? {} : { type }),
    ...(listType === undefined ? {} : { listType }),
    ...(Array.isArray(mapKeys) ? { mapKeys: mapKeys.map(key => mapKey(String(key), node)) } : {}),
    ...(mapType === 'atomic' || mapType === 'granular' ? { mapType } : {}),
    ...(typeof strategy === 'string' ? { patchStrategy: strategy.split(',') } : {}),
    ...(typeof mergeKey === 'string' ? { patchMergeKey: mergeKey } : {}),
    ...(isOpen ? { open: true } : {}),
    ...(zeros === undefined ? {} : { zeros }),
  }
}

/** As Kubernetes reads schemas for merging: texts with a format may be any scalar. */
function typeOf({ type, intOrString, component, raw }: SchemaNode): Topology['type'] {
  if (intOrString) return component === '' ? undefined : 'scalar'
  if (type === '' && component !== '' && Array.isArray(raw.oneOf)) return 'scalar'
  if (type === 'string' && raw.format !== undefined && raw.format !== 'byte') return 'scalar'
  return types.find(name => name === type)
}

function mapKey(name: string, list: SchemaNode): { name: string; default?: string | number | boolean } {
  const value = list.items?.properties.get(name)?.default
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? { name, default: value }
    : { name }
}

/** The same topology with the patch tags of another one, for native kinds that are served from a schema. */
export function withPatchTags(topology: Topology, tags: Topology | undefined): Topology {
  if (tags === undefined) return topology
  const { fields: _fields, values: _values, items: _items, ...facts } = topology
  const merged: Topology = {
    ...facts,
    ...(tags.patchStrategy === undefined ? {} : { patchStrategy: tags.patchStrategy }),
    ...(tags.patchMergeKey === undefined ? {} : { patchMergeKey: tags.patchMergeKey }),
  }
  const { fields, values, items } = topology
  if (fields !== undefined) {
    define(merged, 'fields', () =>
      Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [name, withPatchTags(field, tags.fields?.[name])]),
      ),
    )
  }
  if (values !== undefined) define(merged, 'values', () => withPatchTags(values, tags.values))
  if (items !== undefined) define(merged, 'items', () => withPatchTags(items, tags.items))
  return merged
}
