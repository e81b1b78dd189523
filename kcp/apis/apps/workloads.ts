// Deployments, ReplicaSets, StatefulSets and DaemonSets: defaults, and what may not change.
import { equalJson, type JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { forbiddenField } from '../../schema/field-errors.ts'
import { defaultPodTemplate } from '../core/pod-defaults.ts'
import { ensureObject, objectAt, setDefault, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { checkSelectorKept, checkWorkload } from './selector-rules.ts'

const revisionHistoryDefault = 10
const progressSecondsDefault = 600

function defaultDeployment(spec: JsonObject): void {
  setDefault(spec, 'replicas', 1)
  setDefault(spec, 'revisionHistoryLimit', revisionHistoryDefault)
  setDefault(spec, 'progressDeadlineSeconds', progressSecondsDefault)
  const strategy = ensureObject(spec, 'strategy')
  setDefault(strategy, 'type', 'RollingUpdate')
  if (strategy.type !== 'RollingUpdate') return
  const rollingUpdate = ensureObject(strategy, 'rollingUpdate')
  setDefault(rollingUpdate, 'maxUnavailable', '25%')
  setDefault(rollingUpdate, 'maxSurge', '25%')
}

function defaultStatefulSet(spec: JsonObject): void {
  setDefault(spec, 'podManagementPolicy', 'OrderedReady')
  setDefault(spec, 'replicas', 1)
  setDefault(spec, 'revisionHistoryLimit', revisionHistoryDefault)
  const retention = ensureObject(spec, 'persistentVolumeClaimRetentionPolicy')
  setDefault(retention, 'whenDeleted', 'Retain')
  setDefault(retention, 'whenScaled', 'Retain')
  const strategy = ensureObject(spec, 'updateStrategy')
  setDefault(strategy, 'type', 'RollingUpdate')
  if (strategy.type === 'RollingUpdate') setDefault(ensureObject(strategy, 'rollingUpdate'), 'partition', 0)
}

function defaultDaemonSet(spec: JsonObject): void {
  setDefault(spec, 'revisionHistoryLimit', revisionHistoryDefault)
  const strategy = ensureObject(spec, 'updateStrategy')
  setDefault(strategy, 'type', 'RollingUpdate')
  if (strategy.type !== 'RollingUpdate') return
  const rollingUpdate = ensureObject(strategy, 'rollingUpdate')
  setDefault(rollingUpdate, 'maxUnavailable', 1)
  setDefault(rollingUpdate, 'maxSurge', 0)
}

interface WorkloadFacts {
  readonly what: string
  readonly defaults: (spec: JsonObject) => void
  readonly firstStatus: () => JsonObject
  /** Members of spec that may change; absent: all but the selector. */
  readonly changeable?: readonly string[]
  countsAnnotations?: boolean
}

const statefulSetChangeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]
const statefulSetText =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

function workloadRules({ what, defaults, firstStatus, changeable, countsAnnotations }: WorkloadFacts): NativeRules {
  return {
    defaults(object) {
      const spec = ensureObject(object, 'spec')
      defaults(spec)
      defaultPodTemplate(objectAt(spec, 'template'))
    },
    strategy: {
      prepareForCreate(object) {
        object.metadata.generation = 1
        object.status = firstStatus()
      },
      ...(countsAnnotations ? { countsAnnotations } : {}),
      validate: object => checkWorkload(object, what),
      validateUpdate(object, old, subresource) {
        if (subresource !== '') return []
        const errors = checkWorkload(object, what)
        if (changeable === undefined) return [...errors, ...checkSelectorKept(object, old)]
        return isSameBut(object, old, changeable) ? errors : [...errors, forbiddenField('spec', statefulSetText)]
      },
    },
  }
}

function isSameBut(object: KubeObject, old: KubeObject, changeable: readonly string[]): boolean {
  const fixed = (source: KubeObject) =>
    Object.fromEntries(Object.entries(objectAt(source, 'spec')).filter(([name]) => !changeable.includes(name)))
  return equalJson(fixed(object), fixed(old))
}

export const workloadRulesOf = {
  Deployment: workloadRules({
    what: 'deployment',
    defaults: defaultDeployment,
    firstStatus: () => ({}),
    countsAnnotations: true,
  }),
  ReplicaSet: workloadRules({
    what: 'deployment',
    defaults: spec => setDefault(spec, 'replicas', 1),
    firstStatus: () => ({ replicas: 0 }),
  }),
  StatefulSet: workloadRules({
    what: 'statefulset',
    defaults: defaultStatefulSet,
    firstStatus: () => ({ replicas: 0, availableReplicas: 0 }),
    changeable: statefulSetChangeable,
  }),
  DaemonSet: workloadRules({
    what: 'daemonset',
    defaults: defaultDaemonSet,
    firstStatus: () => ({
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    }),
  }),
} as const

export const controllerRevisionRules: NativeRules = {
  strategy: {
    validateUpdate: (object, old) =>
      equalJson(objectAt(object, 'data'), objectAt(old, 'data')) || textAt(old, 'data') !== ''
        ? []
        : [forbiddenField('data', 'field is immutable')],
  },
}
