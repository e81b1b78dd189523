// A type with every kind of list and map, and builders of objects of it, for the tests of this folder.
import type { KubeObject } from '../../objects.ts'
import type { Topology } from '../topology.ts'

const text: Topology = { type: 'string' }
const number: Topology = { type: 'integer' }

export const sampleTopology: Topology = {
  type: 'object',
  fields: {
    apiVersion: text,
    kind: text,
    metadata: {
      type: 'object',
      fields: {
        name: text,
        namespace: text,
        uid: text,
        resourceVersion: text,
        creationTimestamp: text,
        generation: number,
        labels: { type: 'object', values: text },
        annotations: { type: 'object', values: text },
        finalizers: { type: 'array', listType: 'set', items: text },
      },
    },
    spec: {
      type: 'object',
      fields: {
        replicas: number,
        paused: { type: 'boolean' },
        selector: { type: 'object', mapType: 'atomic', values: text },
        args: { type: 'array', items: text },
        limit: {},
        free: { type: 'object', open: true },
        containers: {
          type: 'array',
          listType: 'map',
          mapKeys: [{ name: 'name' }],
          items: {
            type: 'object',
            fields: {
              name: text,
              image: text,
              ports: {
                type: 'array',
                listType: 'map',
                mapKeys: [{ name: 'port' }, { name: 'protocol', default: 'TCP' }],
                items: { type: 'object', fields: { port: number, protocol: text, name: text } },
              },
            },
          },
        },
      },
    },
    status: { type: 'object', fields: { phase: text } },
  },
}

/** An object of the sample type; `uid` says that it is stored. */
export function sample(spec: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'ex.io/v1', kind: 'Sample', metadata: { name: 'x', ...metadata }, spec }
}
