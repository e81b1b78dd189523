// Resource types made from schemas: CRDs of a workspace, bound schemas and kcp's own types.
// Leaves out: whether a CRD may be served (the catalog asks only for established ones).
import type { JsonObject } from '../../api/json.ts'
import { apiVersionOf } from '../../api/objects.ts'
import type { OtherVersion, ResourceType, SubresourceType, TableType } from '../registry/resource.ts'
import { compileSchema } from '../schema/compile.ts'
import type { ObjectSchema } from '../schema/object-schema.ts'
import { withPatchTags } from '../schema/topology.ts'
import { strategyOf } from './custom-strategy.ts'
import { nativeResources } from './generated-tables.ts'
import { memberNames } from './json-path.ts'
import { describeSchema } from './kcp-descriptions.ts'
import { type KeptFormOptions, StorageForm } from './kept-form.ts'
import { listAt, objectAt, objectsAt, textAt, textsAt } from './members.ts'
import { nativeTopology } from './native-schema.ts'
import { knownTable } from './tables/native-tables.ts'
import { parsePrinterColumns, printerTable } from './tables/printer-columns.ts'

export interface CustomTypeOptions {
  readonly group: string
  /** plural, singular, kind, listKind, shortNames, categories. */
  readonly names: JsonObject
  readonly scope: string
  /** name, subresources, additionalPrinterColumns. */
  readonly version: JsonObject
  readonly openAPIV3Schema: JsonObject
  readonly storageVersion: string
  readonly keyPrefix: string
  readonly origin: ResourceType['origin']
  readonly identityHash: string
  readonly terminating: boolean
}

const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const terminatingVerbs = ['delete', 'deletecollection', 'get', 'list', 'watch']
const subresourceVerbs = ['get', 'patch', 'update']

export function customResourceType(options: CustomTypeOptions): ResourceType {
  const { group, names, version, openAPIV3Schema } = options
  const kind = textAt(names, 'kind')
  const versionName = textAt(version, 'name')
  const subresources = subresourcesOf(version)
  return {
    group,
    version: versionName,
    resource: textAt(names, 'plural'),
    kind,
    listKind: textAt(names, 'listKind') || `${kind}List`,
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    shortNames: textsAt(names, 'shortNames'),
    categories: textsAt(names, 'categories'),
    namespaced: options.scope === 'Namespaced',
    verbs: options.terminating ? terminatingVerbs : customVerbs,
    subresources,
    storageVersion: options.storageVersion,
    keyPrefix: options.keyPrefix,
    origin: options.origin,
    identityHash: options.identityHash,
    schema: schemaFor({ group, version: versionName, kind }, openAPIV3Schema),
    strategy: strategyOf(version, subresources.scale),
    table: tableFor(group, kind, version),
    ...(options.terminating ? { terminating: true } : {}),
  }
}

function subresourcesOf(version: JsonObject): Record<string, SubresourceType> {
  const declared = objectAt(version, 'subresources')
  const found: Record<string, SubresourceType> = {}
  if (declared.status !== undefined) found.status = { verbs: subresourceVerbs }
  if (declared.scale !== undefined) {
    const labelSelector = memberNames(textAt(declared, 'scale', 'labelSelectorPath'))
    found.scale = {
      verbs: subresourceVerbs,
      responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      scale: {
        specReplicas: memberNames(textAt(declared, 'scale', 'specReplicasPath')) ?? ['spec', 'replicas'],
        statusReplicas: memberNames(textAt(declared, 'scale', 'statusReplicasPath')) ?? ['status', 'replicas'],
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
    }
  }
  return found
}

/** Kinds that Kubernetes knows are patched with its merge keys also when they come from a schema. */
function schemaFor(gvk: { group: string; version: string; kind: string }, openAPIV3Schema: JsonObject): ObjectSchema {
  const schema = compileSchema(describeSchema(gvk, openAPIV3Schema))
  const native = nativeResources.find(
    row => row.group === gvk.group && row.version === gvk.version && row.kind === gvk.kind,
  )
  if (native === undefined) return schema
  let topology: ObjectSchema['topology'] | undefined
  return {
    openApi: schema.openApi,
    get shape() {
      return schema.shape ?? ''
    },
    get topology() {
      topology ??= withPatchTags(schema.topology, nativeTopology(native.component))
      return topology
    },
    prune: schema.prune,
    applyDefaults: schema.applyDefaults,
    validate: schema.validate,
    ...(schema.repair ? { repair: schema.repair } : {}),
  }
}

function tableFor(group: string, kind: string, version: JsonObject): TableType {
  return knownTable(group, kind) ?? printerTable(parsePrinterColumns(listAt(version, 'additionalPrinterColumns')))
}

/** The served versions of a CRD; with an identity: of a bound one. Names are those its status accepted. */
export function typesOfCrd(crd: JsonObject, identityHash: string): readonly ResourceType[] {
  const group = textAt(crd, 'spec', 'group')
  const accepted = objectAt(crd, 'status', 'acceptedNames')
  const names = textAt(accepted, 'plural') === '' ? objectAt(crd, 'spec', 'names') : accepted
  const versions = objectsAt(crd, 'spec', 'versions')
  const storageVersion = textAt(
    versions.find(version => version.storage === true),
    'name',
  )
  const typeOf = (version: JsonObject) =>
    customResourceType({
      group,
      names,
      scope: textAt(crd, 'spec', 'scope'),
      version,
      openAPIV3Schema: objectAt(version, 'schema', 'openAPIV3Schema'),
      storageVersion,
      keyPrefix: customKeyPrefix(group, textAt(names, 'plural'), identityHash),
      origin: identityHash === '' ? 'custom' : 'bound',
      identityHash,
      terminating: textAt(crd, 'metadata', 'deletionTimestamp') !== '',
    })
  const findVersion = createFindVersion(group, versions, typeOf)
  const converts = textAt(crd, 'spec', 'conversion', 'strategy') === 'Webhook'
  const definition = { spec: objectAt(crd, 'spec'), names }
  return versions
    .filter(version => version.served === true)
    .map(typeOf)
    .map(type => ({ ...type, definition, findVersion, kept: storageForm(type, { findVersion, converts }) }))
}

function storageForm(type: ResourceType, how: Pick<KeptFormOptions, 'findVersion' | 'converts'>): StorageForm {
  const { group, version, kind, storageVersion, schema } = type
  return new StorageForm({ group, version, kind, storageVersion, schema, ...how })
}

/** Types of versions are made when somebody owns fields in them. */
function createFindVersion(
  group: string,
  versions: readonly JsonObject[],
  typeOf: (version: JsonObject) => ResourceType,
) {
  const made = new Map<string, OtherVersion>()
  return (apiVersion: string): OtherVersion | undefined => {
    const known = made.get(apiVersion)
    if (known !== undefined) return known
    const version = versions.find(each => apiVersionOf({ group, version: textAt(each, 'name') }) === apiVersion)
    if (version === undefined) return undefined
    const type = typeOf(version)
    made.set(apiVersion, type)
    return type
  }
}

/** Bound resources are kept by identity, others together. */
export function customKeyPrefix(group: string, resource: string, identityHash: string): string {
  return `/registry/${group === '' ? 'core' : group}/${resource}/${identityHash === '' ? 'customresources' : identityHash}/`
}
