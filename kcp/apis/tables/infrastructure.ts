// Tables of nodes, volumes and classes.
import { plainText } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { TableType } from '../../registry/resource.ts'
import { listAt, numberAt, objectAt, objectsAt, textAt, textsAt, valueAt } from '../members.ts'
import { ageColumn, boolean, column, createTable, integer, nameColumn, textOr, wide } from './table.ts'

const roleLabel = 'kubernetes.io/role'
const roleLabelPrefix = 'node-role.kubernetes.io/'

export const nodeTable: TableType = createTable([
  nameColumn,
  column('Status', object => nodeStatus(object)),
  column('Roles', object => textOr(nodeRoles(object).join(','))),
  ageColumn,
  column('Version', object => textAt(object, 'status', 'nodeInfo', 'kubeletVersion')),
  wide('Internal-IP', object => nodeAddress(object, 'InternalIP')),
  wide('External-IP', object => nodeAddress(object, 'ExternalIP')),
  wide('OS-Image', object => nodeInfo(object, 'osImage')),
  wide('Kernel-Version', object => nodeInfo(object, 'kernelVersion')),
  wide('Container-Runtime', object => nodeInfo(object, 'containerRuntimeVersion')),
])

function nodeStatus(object: KubeObject): string {
  const ready = objectsAt(object, 'status', 'conditions').find(condition => condition.type === 'Ready')
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return valueAt(object, 'spec', 'unschedulable') === true ? `${status},SchedulingDisabled` : status
}

function nodeRoles(object: KubeObject): string[] {
  const labels = object.metadata.labels ?? {}
  const roles = Object.keys(labels).filter(key => key.startsWith(roleLabelPrefix))
  const named = labels[roleLabel] ? [labels[roleLabel]] : []
  return [...new Set([...roles.map(key => key.slice(roleLabelPrefix.length)), ...named])].sort()
}

function nodeAddress(object: KubeObject, type: string): string {
  const address = objectsAt(object, 'status', 'addresses').find(item => item.type === type)
  return textOr(textAt(address, 'address'))
}

function nodeInfo(object: KubeObject, member: string): string {
  return textOr(textAt(object, 'status', 'nodeInfo', member), '<unknown>')
}

const accessModes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

function formatAccessModes(object: KubeObject, ...path: string[]): string {
  return textsAt(object, ...path, 'accessModes')
    .map(mode => accessModes[mode] ?? mode)
    .join(',')
}

const volumeModeColumn = wide('VolumeMode', object => textOr(textAt(object, 'spec', 'volumeMode'), '<unset>'))
const classColumns = [
  column('StorageClass', object => textAt(object, 'spec', 'storageClassName')),
  column('VolumeAttributesClass', object => textOr(textAt(object, 'spec', 'volumeAttributesClassName'), '<unset>')),
]

export const persistentVolumeTable: TableType = createTable([
  nameColumn,
  column('Capacity', object => plainText(valueAt(object, 'spec', 'capacity', 'storage') ?? '')),
  column('Access Modes', object => formatAccessModes(object, 'spec')),
  column('Reclaim Policy', object => textAt(object, 'spec', 'persistentVolumeReclaimPolicy')),
  column('Status', object => phaseOf(object)),
  column('Claim', object => {
    const claim = objectAt(object, 'spec', 'claimRef')
    return claim.name === undefined ? '' : `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}`
  }),
  ...classColumns,
  column('Reason', object => textAt(object, 'status', 'reason')),
  ageColumn,
  volumeModeColumn,
])

function phaseOf(object: KubeObject): string {
  return object.metadata.deletionTimestamp === undefined ? textAt(object, 'status', 'phase') : 'Terminating'
}

export const persistentVolumeClaimTable: TableType = createTable([
  nameColumn,
  column('Status', object => phaseOf(object)),
  column('Volume', object => textAt(object, 'spec', 'volumeName')),
  column('Capacity', object => plainText(valueAt(object, 'status', 'capacity', 'storage') ?? '')),
  column('Access Modes', object => formatAccessModes(object, 'status')),
  ...classColumns,
  ageColumn,
  volumeModeColumn,
])

const defaultClassAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

function classNameOf({ metadata }: KubeObject): string {
  const isDefault = defaultClassAnnotations.some(key => metadata.annotations?.[key] === 'true')
  return isDefault ? `${metadata.name} (default)` : metadata.name
}

export const storageClassTable: TableType = createTable([
  { ...nameColumn, cell: classNameOf },
  column('Provisioner', object => textAt(object, 'provisioner')),
  column('ReclaimPolicy', object => textOr(textAt(object, 'reclaimPolicy'), 'Delete')),
  column('VolumeBindingMode', object => textOr(textAt(object, 'volumeBindingMode'), 'Immediate')),
  column('AllowVolumeExpansion', object => valueAt(object, 'allowVolumeExpansion') === true),
  ageColumn,
])

export const csiDriverTable: TableType = createTable([
  nameColumn,
  boolean('AttachRequired', object => valueAt(object, 'spec', 'attachRequired') !== false),
  boolean('PodInfoOnMount', object => valueAt(object, 'spec', 'podInfoOnMount') === true),
  boolean('StorageCapacity', object => valueAt(object, 'spec', 'storageCapacity') === true),
  column('TokenRequests', object => {
    const audiences = objectsAt(object, 'spec', 'tokenRequests').map(request => textAt(request, 'audience'))
    return audiences.length === 0 ? '<unset>' : audiences.join(',')
  }),
  boolean('RequiresRepublish', object => valueAt(object, 'spec', 'requiresRepublish') === true),
  column('Modes', object => textOr(textsAt(object, 'spec', 'volumeLifecycleModes').join(','), 'Persistent')),
  ageColumn,
])

export const csiNodeTable: TableType = createTable([
  nameColumn,
  integer('Drivers', object => listAt(object, 'spec', 'drivers').length),
  ageColumn,
])

export const volumeAttachmentTable: TableType = createTable([
  nameColumn,
  column('Attacher', object => textAt(object, 'spec', 'attacher'), { format: 'name' }),
  column('PV', object => textAt(object, 'spec', 'source', 'persistentVolumeName')),
  column('Node', object => textAt(object, 'spec', 'nodeName')),
  boolean('Attached', object => valueAt(object, 'status', 'attached') === true),
  ageColumn,
])

export const priorityClassTable: TableType = createTable([
  nameColumn,
  integer('Value', object => numberAt(object, 'value') ?? 0),
  boolean('Global-Default', object => valueAt(object, 'globalDefault') === true),
  ageColumn,
])

export const runtimeClassTable: TableType = createTable([
  nameColumn,
  column('Handler', object => textAt(object, 'handler')),
  ageColumn,
])

export const componentStatusTable: TableType = createTable([
  nameColumn,
  ...['Status', 'Message', 'Error'].map(name =>
    column(name, object => textAt(objectsAt(object, 'conditions')[0], name.toLowerCase())),
  ),
])
