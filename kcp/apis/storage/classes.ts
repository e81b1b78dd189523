// Classes that only have defaults.
import { setDefault } from '../members.ts'
import { counted, type NativeRules } from '../native-rules.ts'

export const storageClassRules: NativeRules = {
  defaults(storageClass) {
    setDefault(storageClass, 'reclaimPolicy', 'Delete')
    setDefault(storageClass, 'volumeBindingMode', 'Immediate')
  },
}

export const priorityClassRules: NativeRules = {
  defaults: priorityClass => setDefault(priorityClass, 'preemptionPolicy', 'PreemptLowerPriority'),
  strategy: counted,
}
