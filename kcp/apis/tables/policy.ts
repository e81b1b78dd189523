// Tables of RBAC, admission, certificates, autoscaling and disruption budgets.
import { type JsonObject, plainText } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { formatAge } from '../../../api/time.ts'
import type { TableType } from '../../registry/resource.ts'
import { listAt, numberAt, objectAt, objectsAt, textAt, valueAt } from '../members.ts'
import { ageColumn, column, createTable, integer, nameColumn, textOr, wide } from './table.ts'

function subjects(object: KubeObject, kind: string): string {
  const found = objectsAt(object, 'subjects').filter(subject => subject.kind === kind)
  return found.map(subject => subjectName(subject)).join(', ')
}

function subjectName(subject: JsonObject): string {
  const namespace = textAt(subject, 'namespace')
  const name = textAt(subject, 'name')
  return subject.kind === 'ServiceAccount' && namespace !== '' ? `${namespace}/${name}` : name
}

export const roleBindingTable: TableType = createTable([
  nameColumn,
  column('Role', object => `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`),
  ageColumn,
  wide('Users', object => subjects(object, 'User')),
  wide('Groups', object => subjects(object, 'Group')),
  wide('ServiceAccounts', object => subjects(object, 'ServiceAccount')),
])

export const webhookTable: TableType = createTable([
  nameColumn,
  integer('Webhooks', object => listAt(object, 'webhooks').length),
  ageColumn,
])

export const admissionPolicyTable: TableType = createTable([
  nameColumn,
  integer('Validations', object => listAt(object, 'spec', 'validations').length),
  column('ParamKind', object => {
    const kind = objectAt(object, 'spec', 'paramKind')
    return kind.kind === undefined ? '<unset>' : `${textAt(kind, 'apiVersion')}/${textAt(kind, 'kind')}`
  }),
  ageColumn,
])

export const admissionPolicyBindingTable: TableType = createTable([
  nameColumn,
  column('PolicyName', object => textAt(object, 'spec', 'policyName')),
  column('ParamRef', object => {
    const reference = objectAt(object, 'spec', 'paramRef')
    if (Object.keys(reference).length === 0) return '<unset>'
    const namespace = textAt(reference, 'namespace')
    return namespace === '' ? textAt(reference, 'name') : `${namespace}/${textAt(reference, 'name')}`
  }),
  ageColumn,
])

export const certificateSigningRequestTable: TableType = createTable([
  nameColumn,
  ageColumn,
  column('SignerName', object => textOr(textAt(object, 'spec', 'signerName'))),
  column('Requestor', object => textAt(object, 'spec', 'username')),
  column('RequestedDuration', object => {
    const seconds = numberAt(object, 'spec', 'expirationSeconds')
    return seconds === undefined ? '<none>' : formatAge(seconds * 1000)
  }),
  column('Condition', object => requestCondition(object)),
])

function requestCondition(object: KubeObject): string {
  const types = objectsAt(object, 'status', 'conditions').map(condition => textAt(condition, 'type'))
  const decisions = ['Approved', 'Denied', 'Failed'].filter(type => types.includes(type))
  const issued = textAt(object, 'status', 'certificate') !== '' ? ['Issued'] : []
  return [...decisions, ...issued].join(',') || 'Pending'
}

function shown(object: KubeObject, ...path: string[]): string {
  const value = valueAt(object, ...path)
  return value === undefined || value === null ? 'N/A' : plainText(value)
}

export const disruptionBudgetTable: TableType = createTable([
  nameColumn,
  column('Min Available', object => shown(object, 'spec', 'minAvailable')),
  column('Max Unavailable', object => shown(object, 'spec', 'maxUnavailable')),
  integer('Allowed Disruptions', object => numberAt(object, 'status', 'disruptionsAllowed') ?? 0),
  ageColumn,
])

export const autoscalerTable: TableType = createTable([
  nameColumn,
  column('Reference', object => {
    const target = objectAt(object, 'spec', 'scaleTargetRef')
    return `${textAt(target, 'kind')}/${textAt(target, 'name')}`
  }),
  column('Targets', targetsOf),
  column('MinPods', object => shown(object, 'spec', 'minReplicas').replace('N/A', '<unset>')),
  column('MaxPods', object => numberAt(object, 'spec', 'maxReplicas') ?? 0),
  column('Replicas', object => numberAt(object, 'status', 'currentReplicas') ?? 0),
  ageColumn,
])

/** What each metric shows now and shall show; nobody measures where there is no metrics server. */
function targetsOf(object: KubeObject): string {
  const percent = numberAt(object, 'spec', 'targetCPUUtilizationPercentage')
  const metrics = objectsAt(object, 'spec', 'metrics')
  if (percent !== undefined && metrics.length === 0) return `cpu: <unknown>/${percent}%`
  return metrics.length === 0 ? '<none>' : metrics.map(targetOf).join(', ')
}

function targetOf(metric: JsonObject): string {
  const target = objectAt(metric, 'resource', 'target')
  const name = textAt(metric, 'resource', 'name')
  const share = numberAt(target, 'averageUtilization')
  if (name === '') return '<unknown>'
  return share === undefined ? `${name}: <unknown>/${textAt(target, 'averageValue')}` : `${name}: <unknown>/${share}%`
}
