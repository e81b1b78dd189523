// The table of pods: what kubectl shows as STATUS is told by several members.
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { formatAgeSince } from '../../../api/time.ts'
import type { TableType } from '../../registry/resource.ts'
import { listAt, numberAt, objectAt, objectsAt, textAt } from '../members.ts'
import { ageColumn, column, createTable, nameColumn, textOr, wide } from './table.ts'

export const podTable: TableType = createTable([
  nameColumn,
  column('Ready', object => {
    const ready = objectsAt(object, 'status', 'containerStatuses').filter(isReady).length
    return `${ready}/${listAt(object, 'spec', 'containers').length}`
  }),
  column('Status', podStatus),
  column('Restarts', (object, now) => podRestarts(object, now)),
  ageColumn,
  wide('IP', object =>
    textOr(textAt(objectsAt(object, 'status', 'podIPs')[0], 'ip') || textAt(object, 'status', 'podIP')),
  ),
  wide('Node', object => textOr(textAt(object, 'spec', 'nodeName'))),
  wide('Nominated Node', object => textOr(textAt(object, 'status', 'nominatedNodeName'))),
  wide('Readiness Gates', readinessGates),
])

function isReady(status: JsonObject): boolean {
  return status.ready === true && objectAt(status, 'state').running !== undefined
}

export function podStatus(object: KubeObject): string {
  const deleting = object.metadata.deletionTimestamp !== undefined
  const reason = textAt(object, 'status', 'reason')
  if (deleting) return reason === 'NodeLost' ? 'Unknown' : 'Terminating'
  const initial = initStatus(object)
  if (initial !== undefined) return initial
  const base = reason || textAt(object, 'status', 'phase')
  return containerStatus(object, base)
}

function initStatus(object: KubeObject): string | undefined {
  const specs = new Map(objectsAt(object, 'spec', 'initContainers').map(spec => [textAt(spec, 'name'), spec]))
  const statuses = objectsAt(object, 'status', 'initContainerStatuses')
  for (const [index, status] of statuses.entries()) {
    const terminated = objectAt(status, 'state', 'terminated')
    const isDone = textAt(terminated, 'reason') !== '' || terminated.exitCode !== undefined
    if (isDone && numberAt(terminated, 'exitCode') === 0) continue
    const isSidecar = textAt(specs.get(textAt(status, 'name')), 'restartPolicy') === 'Always'
    if (isSidecar && status.started === true) continue
    if (isDone) return `Init:${terminationText(terminated)}`
    const waiting = textAt(status, 'state', 'waiting', 'reason')
    if (waiting !== '' && waiting !== 'PodInitializing') return `Init:${waiting}`
    return `Init:${index}/${specs.size}`
  }
  return undefined
}

function terminationText(terminated: JsonObject): string {
  const reason = textAt(terminated, 'reason')
  if (reason !== '') return reason
  const signal = numberAt(terminated, 'signal') ?? 0
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`
}

function containerStatus(object: KubeObject, base: string): string {
  let text = base
  let isRunning = false
  for (const status of objectsAt(object, 'status', 'containerStatuses').reverse()) {
    const state = objectAt(status, 'state')
    const waiting = textAt(state, 'waiting', 'reason')
    if (waiting !== '') text = waiting
    else if (state.terminated !== undefined) text = terminationText(objectAt(state, 'terminated'))
    else if (isReady(status)) isRunning = true
  }
  if (text !== 'Completed' || !isRunning) return text
  const ready = objectsAt(object, 'status', 'conditions').some(c => c.type === 'Ready' && c.status === 'True')
  return ready ? 'Running' : 'NotReady'
}

function podRestarts(object: KubeObject, now: Date): string {
  const statuses = objectsAt(object, 'status', 'containerStatuses')
  const restarts = statuses.reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0)
  const ends = statuses.map(status => textAt(status, 'lastState', 'terminated', 'finishedAt'))
  const last = ends.sort().at(-1) ?? ''
  return restarts === 0 || last === '' ? String(restarts) : `${restarts} (${formatAgeSince(last, now)} ago)`
}

function readinessGates(object: KubeObject): string {
  const gates = objectsAt(object, 'spec', 'readinessGates').map(gate => textAt(gate, 'conditionType'))
  if (gates.length === 0) return '<none>'
  const conditions = objectsAt(object, 'status', 'conditions')
  const met = gates.filter(gate => conditions.some(c => c.type === gate && c.status === 'True'))
  return `${met.length}/${gates.length}`
}
