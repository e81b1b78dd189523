// What kcp's own types and their fields mean, in one sentence each: `kubectl explain` shows it. Kept apart from the stored
// schemas, whose text never changes. A field without a sentence of its own has that of all fields of its name.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'

/** By path of members; '' is the kind itself. */
type Descriptions = Readonly<Record<string, string>>

const kinds: Readonly<Record<string, Descriptions>> = {
  'APIBinding.apis.kcp.io': {
    '': 'Brings the APIs of an APIExport into this workspace.',
    'spec.reference': 'What is bound.',
    'spec.reference.export': 'The APIExport, by name and by the path of its workspace.',
    'spec.permissionClaims': 'Answers to what the owner of the export asks to see and change here.',
    'spec.permissionClaims.state': 'Accepted lets the owner of the export in, Rejected does not.',
    'status.apiExportClusterName': 'Logical cluster of the bound export.',
    'status.appliedPermissionClaims': 'Claims that are in force.',
    'status.exportPermissionClaims': 'Claims that the export makes now.',
    'status.boundResources': 'Resources that are served here because of this binding.',
    'status.boundResources.schema': 'The APIResourceSchema a resource is served from.',
    'status.boundResources.storageVersions': 'Versions that objects may be stored in.',
    'status.phase': 'Binding until everything is served for the first time, then Bound.',
  },
  'APIConversion.apis.kcp.io': {
    '': 'Says how objects of an APIResourceSchema become those of another version.',
    'spec.conversions': 'One conversion for each pair of versions.',
    'spec.conversions.from': 'Version that is read.',
    'spec.conversions.to': 'Version that is written.',
    'spec.conversions.preserve': 'Fields that are kept where the other version has no place for them.',
    'spec.conversions.rules': 'Which field becomes which.',
    'spec.conversions.rules.field': 'Path of the field that is read.',
    'spec.conversions.rules.destination': 'Path of the field that is written.',
    'spec.conversions.rules.transformation': 'Expression in CEL that makes the value.',
  },
  'APIExport.apis.kcp.io': {
    '': 'Offers APIs of this workspace to others, which bind them.',
    'spec.latestResourceSchemas': 'Names of the APIResourceSchemas that new bindings get.',
    'spec.identity': 'What proves that this export is the same wherever it is bound.',
    'spec.identity.secretRef': 'Secret with the key of the identity.',
    'spec.maximalPermissionPolicy': 'What users of bound resources may do at most.',
    'spec.maximalPermissionPolicy.local': 'RBAC of this workspace says it.',
    'spec.permissionClaims': 'Other resources that the owner of this export asks to see and change where it is bound.',
    'status.identityHash': 'Hash of the key of the identity; names the resources of this export.',
    'status.virtualWorkspaces': 'Where all objects of the exported APIs are served together.',
  },
  'APIExportEndpointSlice.apis.kcp.io': {
    '': 'Lists where the objects of an export are served.',
    'spec.export': 'The APIExport.',
    'spec.partition': 'Name of a Partition that narrows the list.',
    'status.endpoints': 'One for each shard.',
  },
  'APIResourceSchema.apis.kcp.io': {
    '': 'A schema of a resource that can be exported. It never changes; a new one takes its place.',
    'spec.names': 'What the resource is called.',
    'spec.scope': 'Namespaced or Cluster.',
    'spec.versions': 'Versions the resource is served in.',
    'spec.versions.schema': 'The OpenAPI v3 schema of objects in this version.',
    'spec.versions.served': 'Whether this version can be asked for.',
    'spec.versions.storage': 'Whether objects are stored in this version; exactly one is.',
    'spec.versions.deprecated': 'Whether clients are warned of this version.',
    'spec.versions.deprecationWarning': 'What they are told.',
  },
  'APIResourceImport.apiresource.kcp.io': {
    '': 'An API as a physical cluster has it, reported by its syncer.',
    'spec.location': 'Name of the SyncTarget.',
    'spec.schemaUpdateStrategy': 'Whether this import may change the negotiated schema.',
  },
  'NegotiatedAPIResource.apiresource.kcp.io': {
    '': 'What all imports of an API have in common.',
    'spec.publish': 'Whether a CRD is made of it.',
  },
  'LogicalCluster.core.kcp.io': {
    '': 'The inside of a workspace: there is one, named cluster, in each.',
    'spec.directlyDeletable': 'Whether it may be deleted without its owner.',
    'spec.initializers': 'Who has a say before the workspace is Ready.',
    'spec.owner': 'The Workspace object it belongs to.',
    'status.URL': 'Address of this logical cluster.',
    'status.initializers': 'Those who have not finished yet.',
    'status.phase': 'Scheduling, Initializing or Ready.',
  },
  'Shard.core.kcp.io': {
    '': 'A kcp server that holds workspaces.',
    'spec.baseURL': 'Address other servers reach it under.',
    'spec.externalURL': 'Address clients reach it under.',
    'spec.virtualWorkspaceURL': 'Address of its virtual workspaces.',
    'status.capacity': 'How much it can hold.',
  },
  'ClusterWorkspace.tenancy.kcp.io': {
    '': 'A workspace as earlier versions of kcp kept it.',
    'spec.readOnly': 'Whether writes are refused.',
    'spec.shard': 'Where it shall be.',
    'status.baseURL': 'Address of the workspace.',
    'status.location': 'The shard it is on.',
    'status.location.current': 'The shard it is on now.',
    'status.location.target': 'The shard it moves to.',
    'status.phase': 'Scheduling, Initializing or Ready.',
  },
  'Workspace.tenancy.kcp.io': {
    '': 'A Kubernetes API of its own for a team, inside of another workspace.',
    'spec.type': 'The WorkspaceType; it cannot change.',
    'spec.location': 'Which shards it may be on.',
    'spec.location.selector': 'Labels of those shards.',
    'spec.cluster': 'Name of its logical cluster; set by the server.',
    'spec.URL': 'Address of the workspace; set by the server.',
    'status.initializers': 'Those who have not finished yet.',
    'status.phase': 'Scheduling, Initializing or Ready.',
  },
  'WorkspaceType.tenancy.kcp.io': {
    '': 'What workspaces of a type start with, and where they may be.',
    'spec.additionalWorkspaceLabels': 'Labels that workspaces of this type get.',
    'spec.defaultAPIBindings': 'Exports that new workspaces are bound to.',
    'spec.defaultChildWorkspaceType': 'Type of a workspace created inside when none is named.',
    'spec.extend': 'Other types this one is too.',
    'spec.extend.with': 'The types; their bindings and initializers apply as well.',
    'spec.initializer': 'Whether somebody prepares workspaces of this type before they are Ready.',
    'spec.limitAllowedChildren': 'Which types may be created inside.',
    'spec.limitAllowedParents': 'Inside of which types it may be created.',
    'status.virtualWorkspaces': 'Where initializers see the workspaces they have to prepare.',
  },
  'Location.scheduling.kcp.io': {
    '': 'A set of SyncTargets that users choose among without knowing them.',
    'spec.description': 'For people.',
    'spec.resource': 'What instances are: synctargets of workload.kcp.io.',
    'spec.instanceSelector': 'Labels of the instances.',
    'spec.availableSelectorLabels': 'Labels that users may select by.',
    'status.instances': 'How many there are.',
    'status.availableInstances': 'How many of them are ready.',
  },
  'Placement.scheduling.kcp.io': {
    '': 'Binds namespaces to a Location, and so to a SyncTarget.',
    'spec.locationResource': 'What instances of the locations are.',
    'spec.locationSelectors': 'Labels of the locations; one of the selectors must match.',
    'spec.locationWorkspace': 'Path of the workspace the locations are in.',
    'spec.namespaceSelector': 'Labels of the namespaces that are placed.',
    'status.selectedLocation': 'The Location that was chosen.',
    'status.selectedLocation.locationName': 'Name of the Location.',
    'status.phase': 'Pending, Unbound or Bound.',
  },
  'Partition.topology.kcp.io': { '': 'A named set of shards.', 'spec.selector': 'Labels of the shards.' },
  'PartitionSet.topology.kcp.io': {
    '': 'Divides shards into Partitions by the values of labels.',
    'spec.dimensions': 'The labels.',
    'spec.shardSelector': 'Labels of the shards that take part.',
    'status.count': 'How many Partitions there are.',
  },
  'SyncTarget.workload.kcp.io': {
    '': 'A physical cluster, as its syncer reports it.',
    'spec.cells': 'Labels that say how this cluster is apart from others.',
    'spec.evictAfter': 'When what is placed here has to leave.',
    'spec.unschedulable': 'Whether nothing new is placed here.',
    'spec.supportedAPIExports': 'Exports whose resources are synced.',
    'status.allocatable': 'What pods can get.',
    'status.capacity': 'What the cluster has.',
    'status.lastSyncerHeartbeatTime': 'When the syncer was heard last.',
    'status.syncedResources': 'Resources and whether this cluster can take them.',
    'status.syncedResources.state': 'Pending, Accepted or Incompatible.',
    'status.virtualWorkspaces': 'What the syncer talks to.',
    'status.virtualWorkspaces.syncerURL': 'Where the syncer reads and reports what it syncs down.',
    'status.virtualWorkspaces.upsyncerURL': 'Where it writes what it syncs up.',
  },
}

const members: Descriptions = {
  UID: 'UID of the object.',
  additionalPrinterColumns: 'Columns that kubectl get shows.',
  all: 'Every object of the resource.',
  apiVersion: 'Group and version of the object.',
  categories: 'Groups of resources that kubectl get takes, such as all.',
  cluster: 'Name of a logical cluster.',
  columnDefinitions: 'Columns that kubectl get shows.',
  conditions: 'What is true of the object now, one entry for each type.',
  description: 'For people.',
  export: 'Name of an APIExport.',
  format: 'How the value is written.',
  group: "API group; '' is the core group.",
  groupVersion: 'API group and version.',
  identityHash: 'Identity of the APIExport the resource comes from; empty for what every workspace has.',
  initializers: 'Names of those who prepare the workspace.',
  jsonPath: 'Where the value is.',
  key: 'Key of a label.',
  kind: 'Kind of the objects, in CamelCase.',
  labelSelectorPath: 'Where the selector of what is counted is, as text.',
  lastTransitionTime: 'When the status changed last.',
  listKind: 'Kind of a list of the objects.',
  matchExpressions: 'Conditions on labels; all must hold.',
  matchLabels: 'Labels with their values; all must be there.',
  message: 'The reason, for people.',
  name: 'Name of the object.',
  names: 'What the resource is called.',
  namespace: 'Namespace of the object.',
  none: 'None at all.',
  openAPIV3Schema: 'The OpenAPI v3 schema of the objects.',
  operator: 'In, NotIn, Exists or DoesNotExist.',
  path: 'Path of the workspace, such as root:org:team; empty is this one.',
  permissionClaims: 'Resources that are asked for.',
  plural: 'The resource, in lower case, as in URLs.',
  priority: '0 is always shown, others only with -o wide.',
  reason: 'Why, as one word.',
  resource: 'Plural name of the resource.',
  resourceSelector: 'Single objects instead of all.',
  scale: 'Where the numbers of replicas are.',
  scope: 'Namespaced or Cluster.',
  selector: 'Labels to select by.',
  severity: 'How bad it is that the status is False.',
  shard: 'The shard.',
  shortNames: 'Shorter names for the command line.',
  singular: 'The resource, in lower case, for one object.',
  spec: 'What is wanted.',
  specReplicasPath: 'Where the wanted number of replicas is.',
  status: 'What is observed.',
  statusReplicasPath: 'Where the number of replicas there are is.',
  storageVersions: 'Versions that objects may be stored in.',
  subResources: 'Further endpoints of each object.',
  subresources: 'Further endpoints of each object: status and scale.',
  type: 'The type.',
  types: 'Workspace types.',
  uid: 'UID of the object.',
  url: 'Address.',
  values: 'Values of the label.',
  version: 'API version.',
  versions: 'API versions.',
}

const described = new WeakMap<JsonObject, JsonObject>()

/** The schema with a sentence at every field we know; the same schema for kinds that are not kcp's. */
export function describeSchema({ group, kind }: { group: string; kind: string }, schema: JsonObject): JsonObject {
  const key = `${kind}.${group}`
  const own = Object.hasOwn(kinds, key) ? kinds[key] : undefined
  if (own === undefined) return schema
  const known = described.get(schema) ?? describeNode(schema, '', own)
  described.set(schema, known)
  return known
}

function describeNode(schema: JsonObject, path: string, own: Descriptions): JsonObject {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const text = own[path] ?? (Object.hasOwn(members, name) ? members[name] : undefined)
  const { properties, items } = schema
  const inside = (child: JsonValue | undefined, at: string) =>
    isJsonObject(child) ? describeNode(child, at, own) : child
  return {
    ...(text === undefined ? {} : { description: text }),
    ...schema,
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([member, child]) => [
              member,
              inside(child, path === '' ? member : `${path}.${member}`),
            ]),
          ),
        }
      : {}),
    ...(isJsonObject(items) ? { items: describeItems(items, path, own) } : {}),
  }
}

/** The sentence stands at the list; its items only lead further. */
function describeItems(items: JsonObject, path: string, own: Descriptions): JsonObject {
  const { description: _list, ...rest } = describeNode(items, path, own)
  return items.description === undefined ? rest : { ...rest, description: items.description }
}
