// Leases: leader election creates them by PUT.
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue } from '../../schema/field-errors.ts'
import { numberAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

function validate(lease: KubeObject): FieldError[] {
  const duration = numberAt(lease, 'spec', 'leaseDurationSeconds')
  const transitions = numberAt(lease, 'spec', 'leaseTransitions')
  return [
    ...(duration !== undefined && duration <= 0
      ? [invalidValue('spec.leaseDurationSeconds', duration, 'must be greater than 0')]
      : []),
    ...(transitions !== undefined && transitions < 0
      ? [invalidValue('spec.leaseTransitions', transitions, 'must be greater than or equal to 0')]
      : []),
  ]
}

export const leaseRules: NativeRules = {
  strategy: { createOnUpdate: true, validate, validateUpdate: validate },
}
