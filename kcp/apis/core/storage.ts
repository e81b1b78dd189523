// Volumes, claims, nodes and replication controllers: defaults and first status.
import type { JsonObject } from '../../../api/json.ts'
import { ensureObject, objectAt, setDefault, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { defaultPodTemplate } from './pod-defaults.ts'
import { checkPodTemplate } from './pod-validation.ts'

export const persistentVolumeRules: NativeRules = {
  defaults(volume) {
    const spec = ensureObject(volume, 'spec')
    setDefault(spec, 'persistentVolumeReclaimPolicy', 'Retain')
    setDefault(spec, 'volumeMode', 'Filesystem')
  },
  strategy: {
    prepareForCreate(volume) {
      volume.status = { phase: 'Pending' }
    },
  },
}

export const persistentVolumeClaimRules: NativeRules = {
  defaults: claim => setDefault(ensureObject(claim, 'spec'), 'volumeMode', 'Filesystem'),
  strategy: {
    prepareForCreate(claim) {
      claim.status = { phase: 'Pending' }
    },
  },
}

export const nodeRules: NativeRules = {
  strategy: {
    unconditionalUpdate: true,
    selectableFields: { 'spec.unschedulable': node => String(objectAt(node, 'spec').unschedulable === true) },
  },
}

export const podTemplateRules: NativeRules = {
  defaults: object => defaultPodTemplate(objectAt(object, 'template')),
  strategy: {
    prepareForCreate(object) {
      object.metadata.generation = 1
    },
    validate: object => checkPodTemplate(objectAt(object, 'template'), 'template'),
  },
}

export const replicationControllerRules: NativeRules = {
  defaults(controller: JsonObject) {
    const spec = ensureObject(controller, 'spec')
    setDefault(spec, 'replicas', 1)
    const template = objectAt(spec, 'template')
    defaultPodTemplate(template)
    const labels = objectAt(template, 'metadata', 'labels')
    if (Object.keys(objectAt(spec, 'selector')).length === 0 && Object.keys(labels).length > 0) {
      spec.selector = { ...labels }
    }
  },
  strategy: {
    prepareForCreate(controller) {
      controller.metadata.generation = 1
      controller.status = { replicas: 0 }
    },
    validate: controller => checkPodTemplate(objectAt(controller, 'spec', 'template'), 'spec.template'),
    selectableFields: { 'status.replicas': controller => textAt(controller, 'status', 'replicas') },
  },
}
