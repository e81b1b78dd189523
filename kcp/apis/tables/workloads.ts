// Tables of pods and of what makes pods.
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { formatAge, formatAgeSince, parseTime } from '../../../api/time.ts'
import type { TableType } from '../../registry/resource.ts'
import { listAt, numberAt, objectAt, objectsAt, textAt } from '../members.ts'
import {
  ageColumn,
  boolean,
  type Column,
  column,
  createTable,
  formatLabels,
  formatSelector,
  integer,
  nameColumn,
  wide,
} from './table.ts'

const count = (object: KubeObject, ...path: string[]) => numberAt(object, ...path) ?? 0
/** kcp stores what the user sends: replicas left out mean one, as in the cluster it is synced to. */
const desiredReplicas = (object: KubeObject) => numberAt(object, 'spec', 'replicas') ?? 1

function containers(object: KubeObject, ...path: string[]): JsonObject[] {
  return objectsAt(object, ...path, 'containers')
}

/** The wide columns of everything with a pod template. */
function templateColumns(...path: string[]): Column[] {
  return [
    wide('Containers', object => names(containers(object, ...path), 'name')),
    wide('Images', object => names(containers(object, ...path), 'image')),
  ]
}

function names(list: readonly JsonObject[], member: string): string {
  return list.map(item => textAt(item, member)).join(',')
}

const template = templateColumns('spec', 'template', 'spec')
const selectorColumn = wide('Selector', object => formatSelector(objectAt(object, 'spec', 'selector')))

export const deploymentTable: TableType = createTable([
  nameColumn,
  column('Ready', object => `${count(object, 'status', 'readyReplicas')}/${desiredReplicas(object)}`),
  column('Up-to-date', object => count(object, 'status', 'updatedReplicas')),
  column('Available', object => count(object, 'status', 'availableReplicas')),
  ageColumn,
  ...template,
  selectorColumn,
])

const replicaColumns: Column[] = [
  nameColumn,
  integer('Desired', desiredReplicas),
  integer('Current', object => count(object, 'status', 'replicas')),
  integer('Ready', object => count(object, 'status', 'readyReplicas')),
  ageColumn,
  ...template,
]

export const replicaSetTable: TableType = createTable([...replicaColumns, selectorColumn])
export const replicationControllerTable: TableType = createTable([
  ...replicaColumns,
  wide('Selector', object => formatLabels(objectAt(object, 'spec', 'selector'))),
])

export const statefulSetTable: TableType = createTable([
  nameColumn,
  column('Ready', object => `${count(object, 'status', 'readyReplicas')}/${desiredReplicas(object)}`),
  ageColumn,
  ...template,
])

export const daemonSetTable: TableType = createTable([
  nameColumn,
  integer('Desired', object => count(object, 'status', 'desiredNumberScheduled')),
  integer('Current', object => count(object, 'status', 'currentNumberScheduled')),
  integer('Ready', object => count(object, 'status', 'numberReady')),
  integer('Up-to-date', object => count(object, 'status', 'updatedNumberScheduled')),
  integer('Available', object => count(object, 'status', 'numberAvailable')),
  column('Node Selector', object => formatLabels(objectAt(object, 'spec', 'template', 'spec', 'nodeSelector'))),
  ageColumn,
  ...template,
  selectorColumn,
])

export const jobTable: TableType = createTable([
  nameColumn,
  column('Status', object => jobStatus(object)),
  column('Completions', object => jobCompletions(object)),
  column('Duration', (object, now) => jobDuration(object, now)),
  ageColumn,
  ...template,
  selectorColumn,
])

function hasCondition(object: KubeObject, type: string): boolean {
  return objectsAt(object, 'status', 'conditions').some(c => c.type === type && c.status === 'True')
}

function jobStatus(object: KubeObject): string {
  if (hasCondition(object, 'Complete')) return 'Complete'
  if (hasCondition(object, 'Failed')) return 'Failed'
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating'
  if (hasCondition(object, 'Suspended')) return 'Suspended'
  if (hasCondition(object, 'FailureTarget')) return 'FailureTarget'
  return hasCondition(object, 'SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}

function jobCompletions(object: KubeObject): string {
  const succeeded = count(object, 'status', 'succeeded')
  const completions = numberAt(object, 'spec', 'completions')
  if (completions !== undefined) return `${succeeded}/${completions}`
  const parallelism = count(object, 'spec', 'parallelism')
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function jobDuration(object: KubeObject, now: Date): string {
  const start = parseTime(textAt(object, 'status', 'startTime'))
  if (start === undefined) return ''
  const end = parseTime(textAt(object, 'status', 'completionTime')) ?? now
  return formatAge(end.getTime() - start.getTime())
}

export const cronJobTable: TableType = createTable([
  nameColumn,
  column('Schedule', object => textAt(object, 'spec', 'schedule')),
  column('Timezone', object => textAt(object, 'spec', 'timeZone') || '<none>'),
  boolean('Suspend', object => (objectAt(object, 'spec').suspend === true ? 'True' : 'False')),
  integer('Active', object => listAt(object, 'status', 'active').length),
  column('Last Schedule', (object, now) => {
    const last = textAt(object, 'status', 'lastScheduleTime')
    return last === '' ? '<none>' : formatAgeSince(last, now)
  }),
  ageColumn,
  ...templateColumns('spec', 'jobTemplate', 'spec', 'template', 'spec'),
  wide('Selector', object => formatSelector(objectAt(object, 'spec', 'jobTemplate', 'spec', 'selector'))),
])

export const podTemplateTable: TableType = createTable([
  nameColumn,
  column('Containers', object => names(containers(object, 'template', 'spec'), 'name')),
  column('Images', object => names(containers(object, 'template', 'spec'), 'image')),
  column('Pod Labels', object => formatLabels(objectAt(object, 'template', 'metadata', 'labels'))),
])

export const controllerRevisionTable: TableType = createTable([
  nameColumn,
  column('Controller', object => {
    const owner = object.metadata.ownerReferences?.find(reference => reference.controller)
    return owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}.${groupOf(owner.apiVersion)}/${owner.name}`
  }),
  column('Revision', object => count(object, 'revision')),
  ageColumn,
])

function groupOf(apiVersion: string): string {
  return apiVersion.split('/')[0] ?? ''
}
