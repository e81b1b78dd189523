// The objects of a simulation: three kinds with few names, the same in every workspace and namespace.

import { isJsonObject } from '../../api/json.ts'
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'

export interface SimulatedKind {
  readonly gvr: GroupVersionResource
  readonly kind: string
  /** A body with this content. */
  make(name: string, namespace: string, content: Content): KubeObject
  /** A merge patch to this content. */
  change(content: Content): object
  /** The same of an object as it is stored. */
  contentOf(object: KubeObject): Content
}

/** What users decide of an object. */
export type Content = Readonly<Record<string, string>>

const encode = (content: Content) =>
  Object.fromEntries(Object.entries(content).map(([key, text]) => [key, Buffer.from(text).toString('base64')]))
const dataOf = (object: KubeObject): Content => {
  const { data } = object as KubeObject & { data?: Record<string, string> }
  return data ?? {}
}

const configMapKind: SimulatedKind = {
  gvr: { group: '', version: 'v1', resource: 'configmaps' },
  kind: 'ConfigMap',
  make: (name, namespace, data) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }),
  change: data => ({ data: { first: null, second: null, third: null, ...data } }),
  contentOf: dataOf,
}

const secretKind: SimulatedKind = {
  gvr: { group: '', version: 'v1', resource: 'secrets' },
  kind: 'Secret',
  make: (name, namespace, content) => {
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', data: encode(content) }
  },
  change: content => ({ data: { first: null, second: null, third: null, ...encode(content) } }),
  contentOf: object =>
    Object.fromEntries(
      Object.entries(dataOf(object)).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
    ),
}

const deploymentKind: SimulatedKind = {
  gvr: { group: 'apps', version: 'v1', resource: 'deployments' },
  kind: 'Deployment',
  make: (name, namespace, content) => {
    const labels = { app: name }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: imageOf(content) }] } }
    const spec = { replicas: 1, selector: { matchLabels: labels }, template }
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec }
  },
  change: content => ({ spec: { template: { spec: { containers: [{ name: 'c', image: imageOf(content) }] } } } }),
  contentOf(object) {
    const { spec } = object as { spec?: { template?: { spec?: { containers?: { image?: string }[] } } } }
    return { image: spec?.template?.spec?.containers?.[0]?.image ?? '' }
  },
}

function imageOf(content: Content): string {
  return `image:${Object.values(content).join('-')}`
}

export const kinds: readonly SimulatedKind[] = [configMapKind, secretKind, deploymentKind]
export const namespacesGvr: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' }
export const names = ['a', 'b', 'c'] as const
/** The first one is always there. */
export const namespaceNames = ['default', 'team', 'extra'] as const

export function kindOf(kind: string): SimulatedKind | undefined {
  return kinds.find(each => each.kind === kind)
}

export function statusOf(object: KubeObject): Record<string, unknown> | undefined {
  return isJsonObject(object.status) && Object.keys(object.status).length > 0 ? object.status : undefined
}
