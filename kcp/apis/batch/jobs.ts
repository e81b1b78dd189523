// Jobs and CronJobs: defaults, and the selector that a Job gets from its uid.
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { notSupported, requiredValue } from '../../schema/field-errors.ts'
import { defaultPodTemplate } from '../core/pod-defaults.ts'
import { checkPodTemplate } from '../core/pod-validation.ts'
import { asJson, ensureObject, numberAt, objectAt, setDefault, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

const backoffLimitDefault = 6

function defaultJobSpec(spec: JsonObject): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  setDefault(spec, 'parallelism', 1)
  setDefault(spec, 'backoffLimit', backoffLimitDefault)
  setDefault(spec, 'completionMode', 'NonIndexed')
  if (spec.suspend === undefined) spec.suspend = false
  setDefault(spec, 'podReplacementPolicy', 'TerminatingOrFailed')
}

function checkJobTemplate(template: JsonObject, path: string): FieldError[] {
  const errors = checkPodTemplate(template, path)
  const policy = textAt(template, 'spec', 'restartPolicy')
  if (policy === 'OnFailure' || policy === 'Never') return errors
  return [...errors, notSupported(`${path}.spec.restartPolicy`, policy, ['OnFailure', 'Never'])]
}

function validateJob(job: KubeObject): FieldError[] {
  return checkJobTemplate(objectAt(job, 'spec', 'template'), 'spec.template')
}

/** Its pods bear its name and uid, under the old labels and the new ones. */
function selectByUid(job: KubeObject): void {
  const { uid = '', name } = job.metadata
  const spec = ensureObject(asJson(job), 'spec')
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  }
  spec.manualSelector = false
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }
  const metadata = ensureObject(ensureObject(spec, 'template'), 'metadata')
  const templateLabels = { ...(objectAt(metadata, 'labels') as Record<string, string>), ...labels }
  metadata.labels = templateLabels
  if (Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = { ...templateLabels }
}

export const jobRules: NativeRules = {
  defaults(job) {
    const spec = ensureObject(job, 'spec')
    defaultJobSpec(spec)
    defaultPodTemplate(objectAt(spec, 'template'))
  },
  strategy: {
    selectableFields: { 'status.successful': job => String(numberAt(job, 'status', 'succeeded') ?? 0) },
    prepareForCreate(job) {
      job.metadata.generation = 1
      job.status = {}
      if (objectAt(job, 'spec').manualSelector !== true) selectByUid(job)
    },
    validate: validateJob,
  },
}

function validateCronJob(job: KubeObject): FieldError[] {
  const path = 'spec.jobTemplate.spec.template'
  const template = objectAt(job, 'spec', 'jobTemplate', 'spec', 'template')
  const missing = textAt(job, 'spec', 'schedule') === '' ? [requiredValue('spec.schedule')] : []
  return [...missing, ...checkJobTemplate(template, path)]
}

export const cronJobRules: NativeRules = {
  defaults(job) {
    const spec = ensureObject(job, 'spec')
    setDefault(spec, 'concurrencyPolicy', 'Allow')
    if (spec.suspend === undefined) spec.suspend = false
    setDefault(spec, 'successfulJobsHistoryLimit', 3)
    setDefault(spec, 'failedJobsHistoryLimit', 1)
    defaultPodTemplate(objectAt(spec, 'jobTemplate', 'spec', 'template'))
  },
  strategy: {
    prepareForCreate(job) {
      job.metadata.generation = 1
      job.status = {}
    },
    validate: validateCronJob,
    validateUpdate: validateCronJob,
  },
}
