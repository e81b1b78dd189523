// Discovery of a virtual workspace, in the legacy form; there is no aggregated one.
import { createHash } from 'node:crypto'
import { apiVersionOf } from '../../api/objects.ts'
import type { ApiResponse } from '../http/exchange.ts'
import { jsonResponse, pageNotFound } from '../http/responses.ts'
import { compareVersions } from '../workspaces/api-set.ts'
import type { VirtualResource } from './api-domain.ts'

const rootPaths = { paths: ['/api', '/api/v1', '/api/v1/', '/apis', '/apis/', '/metrics'] }
const discoveryPath = /^\/(?:api(?:\/([^/]+))?|apis(?:\/([^/]+))?(?:\/([^/]+))?)\/?$/
const withoutContent = new Set(['/version', '/healthz', '/openapi/v2', '/openapi/v3'])

/** Answers every path that is no resource. */
export function discover(resources: readonly VirtualResource[], path: string): ApiResponse {
  if (path === '/') return jsonResponse(200, rootPaths)
  if (withoutContent.has(path)) return jsonResponse(404, rootPaths)
  const match = discoveryPath.exec(path)
  const document = match && documentOf(resources, match)
  return document ? jsonResponse(200, document) : pageNotFound()
}

function documentOf(resources: readonly VirtualResource[], match: RegExpExecArray): object | undefined {
  const [path, coreVersion, group, version] = match
  if (!path.startsWith('/apis')) {
    return coreVersion === undefined ? apiVersions(resources) : resourceList(resources, '', coreVersion)
  }
  if (group === undefined) return groupList(resources)
  return version === undefined ? groupOf(resources, group) : resourceList(resources, group, version)
}

function apiVersions(resources: readonly VirtualResource[]): object {
  return { kind: 'APIVersions', versions: versionsOf(resources, ''), serverAddressByClientCIDRs: [] }
}

function versionsOf(resources: readonly VirtualResource[], group: string): string[] {
  const versions = resources.filter(resource => resource.group === group).map(({ version }) => version)
  return [...new Set(versions)].sort(compareVersions)
}

function groupList(resources: readonly VirtualResource[]): object {
  const names = [...new Set(resources.map(({ group }) => group))].filter(group => group !== '')
  const groups = names.map(name => groupEntry(resources, name))
  return { kind: 'APIGroupList', apiVersion: 'v1', groups }
}

function groupOf(resources: readonly VirtualResource[], name: string): object | undefined {
  if (!resources.some(({ group }) => group === name)) return undefined
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(resources, name) }
}

function groupEntry(resources: readonly VirtualResource[], name: string) {
  const versions = versionsOf(resources, name).map(version => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions, preferredVersion: versions[0] }
}

function resourceList(resources: readonly VirtualResource[], group: string, version: string): object | undefined {
  const served = resources.filter(resource => resource.group === group && resource.version === version)
  if (served.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf({ group, version }),
    resources: served.flatMap(entriesOf),
  }
}

function entriesOf(type: VirtualResource): object[] {
  const { resource, singular, namespaced, kind, verbs, statusVerbs, shortNames, categories } = type
  const main = {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    storageVersionHash: storageVersionHash(type),
  }
  if (!statusVerbs) return [main]
  return [main, { name: `${resource}/status`, singularName: '', namespaced, kind, verbs: statusVerbs }]
}

function storageVersionHash({ group, version, kind }: VirtualResource): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64')
}
