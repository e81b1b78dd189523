// Where a resource lives in the URL space of a Kubernetes API, and how options become a query.
import type { GroupVersionResource } from '../../api/objects.ts'
import type { DeleteOptions, ListOptions, WatchOptions, WriteOptions } from '../client.ts'

/** Kubernetes names need no escaping but RBAC's do; `:` stays readable as in every Go client. */
export function pathSegment(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':')
}

export function groupVersionPath(gv: { group: string; version: string }): string {
  return gv.group === '' ? `/api/${gv.version}` : `/apis/${gv.group}/${gv.version}`
}

export function resourcePath(gvr: GroupVersionResource, namespace?: string): string {
  const scope = namespace ? `/namespaces/${pathSegment(namespace)}` : ''
  return `${groupVersionPath(gvr)}${scope}/${gvr.resource}`
}

export interface ObjectAddress {
  readonly namespace?: string | undefined
  readonly name: string
  readonly subresource?: string | undefined
}

export function objectPath(gvr: GroupVersionResource, target: ObjectAddress): string {
  const subresource = target.subresource ? `/${target.subresource}` : ''
  return `${resourcePath(gvr, target.namespace)}/${pathSegment(target.name)}${subresource}`
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  if (pairs.length === 0) return path
  return `${path}?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}`
}

export function listQuery(options: ListOptions): Query {
  return {
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    limit: options.limit,
    continue: options.continue,
    resourceVersion: options.resourceVersion,
  }
}

export function watchQuery(options: WatchOptions): Query {
  return {
    allowWatchBookmarks: true,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    resourceVersion: options.resourceVersion,
    timeoutSeconds: options.timeoutSeconds,
    watch: true,
  }
}

export function writeQuery(options: WriteOptions): Query {
  return { fieldManager: options.fieldManager, dryRun: options.dryRun ? 'All' : undefined }
}

/** The body of a DELETE; servers of every age read it, unlike the query form. */
export function deleteBody(options: DeleteOptions): Record<string, unknown> {
  const body: Record<string, unknown> = { kind: 'DeleteOptions', apiVersion: 'v1' }
  if (options.propagationPolicy) body.propagationPolicy = options.propagationPolicy
  if (options.uid ?? options.resourceVersion) {
    body.preconditions = {
      ...(options.uid ? { uid: options.uid } : {}),
      ...(options.resourceVersion ? { resourceVersion: options.resourceVersion } : {}),
    }
  }
  return body
}
