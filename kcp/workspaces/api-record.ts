// What one APIBinding or one local CRD adds to a logical cluster, as a small record that equal ones share by its id.
import { hash } from 'node:crypto'
import { equalJson, isJsonObject, type JsonObject } from '../../api/json.ts'
import type { PermissionClaim } from '../../api/names/derived-names.ts'
import { listMember, objectMember, objectsOf, textMember } from './stored-object.ts'

export interface BoundResource {
  readonly group: string
  readonly resource: string
  /** UID of the APIResourceSchema, which is the name of the bound CRD. */
  readonly schemaUid: string
  readonly identityHash: string
}

export interface BindingRecord {
  readonly type: 'binding'
  readonly id: string
  readonly exportCluster: string
  readonly exportName: string
  readonly resources: readonly BoundResource[]
  /** Accepted here and still claimed by the export. */
  readonly claims: readonly PermissionClaim[]
  /** All the export claimed when the binding was last brought up to date. */
  readonly exportedClaims: readonly PermissionClaim[]
  /** The binding is being deleted: nothing new may be created. */
  readonly terminating: boolean
}

export interface CrdRecord {
  readonly type: 'crd'
  readonly id: string
  readonly group: string
  readonly crd: JsonObject
}

export type ApiRecord = BindingRecord | CrdRecord

export function hasGroup(record: ApiRecord, group: string): boolean {
  return record.type === 'crd' ? record.group === group : groupsOf(record).includes(group)
}

/** Perhaps more than once each. */
export function groupsOf(record: ApiRecord): readonly string[] {
  return record.type === 'crd' ? [record.group] : record.resources.map(({ group }) => group)
}

/** undefined while nothing is bound. */
export function bindingRecord(binding: JsonObject): BindingRecord | undefined {
  const status = objectMember(binding, 'status')
  const spec = objectMember(binding, 'spec')
  const resources = objectsOf(status, 'boundResources').map(boundResource)
  const exportCluster = textMember(status, 'apiExportClusterName')
  if (exportCluster === '') return undefined
  const content = {
    exportCluster,
    exportName: textMember(objectMember(objectMember(spec, 'reference'), 'export'), 'name'),
    resources,
    claims: acceptedClaims(spec, status),
    exportedClaims: objectsOf(status, 'exportPermissionClaims').map(permissionClaim),
    terminating: textMember(objectMember(binding, 'metadata'), 'deletionTimestamp') !== '',
  }
  return { type: 'binding', id: `b:${digest(content)}`, ...content }
}

/** undefined while its names are not accepted. Equal CRDs of different clusters have the same id. */
export function crdRecord(crd: JsonObject): CrdRecord | undefined {
  const established = objectsOf(objectMember(crd, 'status'), 'conditions').some(
    condition => condition.type === 'Established' && condition.status === 'True',
  )
  if (!established) return undefined
  const metadata = objectMember(crd, 'metadata')
  const deletionTimestamp = textMember(metadata, 'deletionTimestamp')
  const status = objectMember(crd, 'status')
  const content: JsonObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: textMember(metadata, 'name'),
      ...(deletionTimestamp === '' ? {} : { deletionTimestamp: 'set' }),
    },
    spec: objectMember(crd, 'spec'),
    status: {
      acceptedNames: objectMember(status, 'acceptedNames'),
      conditions: objectsOf(status, 'conditions').map(({ type, status }) => ({ type, status })),
    },
  }
  const group = textMember(objectMember(content, 'spec'), 'group')
  return { type: 'crd', id: `c:${digest(content)}`, group, crd: content }
}

function boundResource(item: JsonObject): BoundResource {
  const schema = objectMember(item, 'schema')
  return {
    group: textMember(item, 'group'),
    resource: textMember(item, 'resource'),
    schemaUid: textMember(schema, 'UID'),
    identityHash: textMember(schema, 'identityHash'),
  }
}

function acceptedClaims(spec: JsonObject, status: JsonObject): PermissionClaim[] {
  const exported = objectsOf(status, 'exportPermissionClaims').map(permissionClaim)
  return objectsOf(spec, 'permissionClaims')
    .filter(claim => claim.state === 'Accepted')
    .map(permissionClaim)
    .filter(claim => exported.some(other => equalJson(claim, other)))
}

/** With every member, so that equal claims are equal JSON. */
export function permissionClaim(claim: JsonObject): PermissionClaim {
  const selectors = listMember(claim, 'resourceSelector').filter(isJsonObject)
  return {
    group: textMember(claim, 'group'),
    resource: textMember(claim, 'resource'),
    all: claim.all === true,
    identityHash: textMember(claim, 'identityHash'),
    resourceSelector: selectors.map(selector => ({
      name: textMember(selector, 'name'),
      namespace: textMember(selector, 'namespace'),
    })),
  }
}

function digest(content: unknown): string {
  return hash('sha256', JSON.stringify(content), 'base64url')
}
