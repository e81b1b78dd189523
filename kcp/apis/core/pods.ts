// Pods: born Pending, changed only where a running pod can change. Binding and ephemeral containers have own endpoints.
import { equalJson, type JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { forbiddenField } from '../../schema/field-errors.ts'
import { objectAt, objectsAt, textAt, valueAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { defaultPod } from './pod-defaults.ts'
import { checkPodSpec } from './pod-validation.ts'

const changeableText =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

function validate(pod: KubeObject): FieldError[] {
  return checkPodSpec(objectAt(pod, 'spec'), 'spec')
}

/** The spec without what an update may change. */
function fixedPart(spec: JsonObject): JsonObject {
  const { activeDeadlineSeconds: _a, tolerations: _t, ...rest } = spec
  const withoutImages = (list: string) => objectsAt(spec, list).map(({ image: _image, ...container }) => container)
  return { ...rest, containers: withoutImages('containers'), initContainers: withoutImages('initContainers') }
}

function qosClass(pod: KubeObject): string {
  const containers = [...objectsAt(pod, 'spec', 'containers'), ...objectsAt(pod, 'spec', 'initContainers')]
  const has = (container: JsonObject, list: string, name: string) =>
    valueAt(container, 'resources', list, name) !== undefined
  const isGuaranteed = containers.every(container =>
    ['cpu', 'memory'].every(
      name =>
        has(container, 'limits', name) &&
        equalJson(valueAt(container, 'resources', 'limits', name), valueAt(container, 'resources', 'requests', name)),
    ),
  )
  if (isGuaranteed) return 'Guaranteed'
  const isBurstable = containers.some(container =>
    ['requests', 'limits'].some(list => ['cpu', 'memory'].some(name => has(container, list, name))),
  )
  return isBurstable ? 'Burstable' : 'BestEffort'
}

const specFields = ['nodeName', 'restartPolicy', 'schedulerName', 'serviceAccountName']
const statusFields = ['phase', 'podIP', 'nominatedNodeName']

export const podRules: NativeRules = {
  defaults: defaultPod,
  strategy: {
    prepareForCreate(pod) {
      pod.status = { phase: 'Pending', qosClass: qosClass(pod) }
    },
    prepareForUpdate(pod, old, subresource) {
      if (subresource !== 'ephemeralcontainers') return
      const ephemeralContainers = objectsAt(pod, 'spec', 'ephemeralContainers')
      pod.spec = { ...objectAt(old, 'spec'), ephemeralContainers }
    },
    validate,
    validateUpdate(pod, old, subresource) {
      if (subresource !== '') return []
      const isSame = equalJson(fixedPart(objectAt(pod, 'spec')), fixedPart(objectAt(old, 'spec')))
      return [...validate(pod), ...(isSame ? [] : [forbiddenField('spec', changeableText)])]
    },
    selectableFields: {
      ...Object.fromEntries(specFields.map(name => [`spec.${name}`, (pod: KubeObject) => textAt(pod, 'spec', name)])),
      ...Object.fromEntries(
        statusFields.map(name => [`status.${name}`, (pod: KubeObject) => textAt(pod, 'status', name)]),
      ),
      'spec.hostNetwork': pod => String(valueAt(pod, 'spec', 'hostNetwork') === true),
    },
  },
}
