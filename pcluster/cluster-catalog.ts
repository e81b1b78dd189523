// What the simulated cluster serves: Kubernetes' built-in types, the same at all times.
// Leaves out: custom resources; a CustomResourceDefinition is stored but not served.
import { createHash } from 'node:crypto'
import type { ApiSet, Catalog, ResourceType } from '../kcp/registry/resource.ts'

export function createClusterCatalog(types: readonly ResourceType[]): Catalog {
  const byName = new Map(types.map(type => [nameOf(type.group, type.version, type.resource), type]))
  const hash = createHash('sha256')
    .update([...byName.keys()].join('\n'))
    .digest('hex')
  const apis: ApiSet = { types, hash, find: (group, version, resource) => byName.get(nameOf(group, version, resource)) }
  return {
    apisOf: () => apis,
    findAcross: () => [],
    onChange: () => undefined,
  }
}

function nameOf(group: string, version: string, resource: string): string {
  return `${group}/${version}/${resource}`
}
