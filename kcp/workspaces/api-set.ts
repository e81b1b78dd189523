// The types of one logical cluster in one fixed order, found by group, version and resource.
import { createHash } from 'node:crypto'
import type { ApiSet, ResourceType } from '../registry/resource.ts'

/** Earlier types win over later ones of the same group and resource. */
export function createApiSet(hashes: readonly string[], layers: readonly (readonly ResourceType[])[]): ApiSet {
  const owners = new Map<string, number>()
  const found = new Map<string, ResourceType>()
  layers.forEach((layer, index) => {
    for (const type of layer) {
      const name = `${type.group}/${type.resource}`
      const owner = owners.get(name) ?? index
      owners.set(name, owner)
      const key = typeKey(type.group, type.version, type.resource)
      if (owner === index && !found.has(key)) found.set(key, type)
    }
  })
  const [natives = [], ...rest] = layers
  const extra = rest.flat().filter(type => found.get(typeKey(type.group, type.version, type.resource)) === type)
  const hash = createHash('sha256')
  for (const part of hashes) hash.update(part).update('\n')
  return {
    types: [...natives, ...extra.sort(byName)],
    find: (group, version, resource) => found.get(typeKey(group, version, resource)),
    hash: hash.digest('hex'),
  }
}

function typeKey(group: string, version: string, resource: string): string {
  return `${group}/${version}/${resource}`
}

function byName(a: ResourceType, b: ResourceType): number {
  return compare(a.group, b.group) || compareVersions(a.version, b.version) || compare(a.resource, b.resource)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const versionPattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/

/** Kubernetes' order: v2, v1, v2beta1, v1beta2, v1alpha1, then others by name. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionPattern.exec(a), versionPattern.exec(b)]
  if (!left || !right) return left ? -1 : right ? 1 : compare(a, b)
  const stability = (match: RegExpExecArray) => (match[2] === undefined ? 0 : match[2] === 'beta' ? 1 : 2)
  return (
    stability(left) - stability(right) ||
    Number(right[1]) - Number(left[1]) ||
    Number(right[3] ?? 0) - Number(left[3] ?? 0)
  )
}
