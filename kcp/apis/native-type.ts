// One of Kubernetes' own types as a ResourceType: facts from the table, rules from the kind's folder.
import type { ResourceType, SubresourceType } from '../registry/resource.ts'
import type { NativeResource } from './generated-tables.ts'
import { rulesOf } from './native-kinds.ts'
import { nativeSchema } from './native-schema.ts'
import { resetFieldsOfKind } from './reset-fields.ts'
import { nativeTable } from './tables/native-tables.ts'

export interface NativeTypeOptions {
  /** Kubernetes 1.24 prints no singular names. */
  readonly hasSingular: boolean
}

export function nativeType(row: NativeResource, { hasSingular }: NativeTypeOptions): ResourceType {
  const { group, version, kind } = row
  const rules = rulesOf(group, kind)
  return {
    group,
    version,
    resource: row.resource,
    kind,
    listKind: `${kind}List`,
    singular: hasSingular ? row.singular : '',
    shortNames: row.shortNames,
    categories: row.categories,
    namespaced: row.namespaced,
    verbs: row.verbs,
    subresources: subresourcesOf(row),
    storageVersion: version,
    keyPrefix: keyPrefixOf(group, row.resource),
    origin: 'native',
    identityHash: '',
    schema: nativeSchema(row, rules),
    strategy: rules.strategy ?? {},
    ...(rules.conversion ? { conversion: rules.conversion } : {}),
    table: nativeTable(group, kind),
    ...(row.subresources.status === undefined ? {} : { resetFields: resetFieldsOfKind(group, kind) }),
  }
}

/** Events of both groups are the same objects. */
function keyPrefixOf(group: string, resource: string): string {
  const prefix = group === '' || resource === 'events' ? 'core' : group
  return `/registry/${prefix}/${resource}/`
}

const scalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  labelSelector: ['spec', 'selector'],
}

function subresourcesOf(row: NativeResource): Record<string, SubresourceType> {
  const entries = Object.entries(row.subresources).map(([name, facts]) => [
    name,
    name === 'scale' ? { ...facts, scale: scalePaths } : facts,
  ])
  return Object.fromEntries(entries)
}
