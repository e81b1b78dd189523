// The CRD that stands for an APIResourceSchema in `system:bound-crds`: named by the schema's UID, shared by all bindings,
// and kept when the schema is deleted, so that what is bound stays served.
import { trueCondition } from '../../../api/conditions.ts'
import { boundCrdAnnotation, schemaClusterAnnotation, schemaNameAnnotation } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { isAlreadyExists } from '../../../api/status-error.ts'
import { formatTime } from '../../../api/time.ts'
import type { Client } from '../../../api-client/client.ts'
import { boundCrdsCluster } from '../../workspaces/catalog.ts'
import { customResourceDefinitions } from '../resources.ts'

export interface ApiResourceSchema extends KubeObject {
  spec: {
    group: string
    names: {
      plural: string
      singular?: string
      kind: string
      listKind?: string
      shortNames?: string[]
      categories?: string[]
    }
    scope: string
    versions: (Record<string, unknown> & { name: string; served: boolean; storage: boolean; schema: unknown })[]
  }
}

export async function createBoundCrd(
  client: Client,
  schema: ApiResourceSchema,
  facts: { cluster: string; now: Date },
): Promise<void> {
  const local = client.cluster(boundCrdsCluster)
  const crd = boundCrdOf(schema, facts.cluster)
  const name = crd.metadata.name
  try {
    await local.create(customResourceDefinitions, crd)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
  const status = establishedStatus(schema, facts.now)
  await local.patch(customResourceDefinitions, { name, subresource: 'status' }, { type: 'merge', body: { status } })
}

const approvedAnnotation = 'api-approved.kubernetes.io'

export function boundCrdOf(schema: ApiResourceSchema, schemaCluster: string): KubeObject {
  const approved = schema.metadata.annotations?.[approvedAnnotation]
  const { group, names, scope, versions } = schema.spec
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: schema.metadata.uid ?? '',
      annotations: {
        [boundCrdAnnotation]: '',
        [schemaClusterAnnotation]: schemaCluster,
        [schemaNameAnnotation]: schema.metadata.name,
        ...(approved === undefined ? {} : { [approvedAnnotation]: approved }),
      },
    },
    spec: {
      group,
      names,
      scope,
      // A CRD wraps the schema; an APIResourceSchema has it bare.
      versions: versions.map(version => ({ ...version, schema: { openAPIV3Schema: version.schema } })),
      conversion: { strategy: 'None' },
    },
  }
}

/** Nobody else names things in that cluster: there is nothing to wait for. */
function establishedStatus(schema: ApiResourceSchema, now: Date) {
  const lastTransitionTime = formatTime(now)
  return {
    acceptedNames: schema.spec.names,
    conditions: [
      { ...trueCondition('NamesAccepted'), reason: 'NoConflicts', message: 'no conflicts found', lastTransitionTime },
      {
        ...trueCondition('Established'),
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
        lastTransitionTime,
      },
    ],
    storedVersions: schema.spec.versions.filter(version => version.storage).map(version => version.name),
  }
}
