// APIExports, their schemas and the bindings of the root workspace, as objects to write.
import { batteryAnnotation, computeAnnotation } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import {
  computeExport,
  type ExportFacts,
  kcpExports,
  resourceSchemaObject,
  unexportedSchemas,
} from '../apis/kcp-types.ts'
import { computeBattery } from './compute-policy.ts'

const apiVersion = 'apis.kcp.io/v1alpha1'

/** Exports whose consumers are limited by RBAC in root. */
const limitedExports = ['tenancy.kcp.io', 'scheduling.kcp.io', 'apiresource.kcp.io']

export const rootExportNames = kcpExports.map(({ name }) => name)

export function rootSchemas(): KubeObject[] {
  return [...kcpExports.flatMap(facts => facts.schemas), ...unexportedSchemas].map(asObject)
}

export function rootExports(): KubeObject[] {
  return kcpExports.map(facts => apiExport(facts, { limited: limitedExports.includes(facts.name) }))
}

export function rootBindings(): KubeObject[] {
  return rootExportNames.map(name => ({
    apiVersion,
    kind: 'APIBinding',
    metadata: { name },
    spec: { reference: { export: { path: 'root', name } } },
  }))
}

export function computeSchemas(): KubeObject[] {
  return computeExport.schemas.map(asObject)
}

export function computeExportObject(): KubeObject {
  const annotations = { [computeAnnotation]: 'true', [batteryAnnotation]: computeBattery }
  return apiExport(computeExport, { limited: true, annotations })
}

function apiExport(
  facts: ExportFacts,
  options: { limited: boolean; annotations?: Record<string, string> },
): KubeObject {
  const { limited, annotations } = options
  return {
    apiVersion,
    kind: 'APIExport',
    metadata: { name: facts.name, ...(annotations ? { annotations } : {}) },
    spec: {
      latestResourceSchemas: facts.schemas.map(schema => schema.name),
      ...(limited ? { maximalPermissionPolicy: { local: {} } } : {}),
    },
  }
}

function asObject(schema: ExportFacts['schemas'][number]): KubeObject {
  const object = resourceSchemaObject(schema)
  return {
    ...object,
    apiVersion,
    kind: 'APIResourceSchema',
    metadata: { ...(object.metadata as object), name: schema.name },
  }
}
