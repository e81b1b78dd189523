// ResourceQuotas as objects: names of resources, amounts, scopes that never change. Leaves out: enforcement.
import { equalJson, type JsonValue, plainText } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { isWholeQuantity, parseQuantity } from '../../../api/quantity.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidGoValue, invalidValue } from '../../schema/field-errors.ts'
import { keyPath } from '../../schema/field-path.ts'
import { listAt, objectAt, textsAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

const counted = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])
const measured = ['cpu', 'memory', 'ephemeral-storage']
const known = new Set([
  ...counted,
  ...measured,
  ...measured.flatMap(name => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
])

function validate(quota: KubeObject): FieldError[] {
  return Object.entries(objectAt(quota, 'spec', 'hard')).flatMap(([name, amount]) =>
    checkAmount(keyPath('spec.hard', name), name, amount ?? null),
  )
}

function checkAmount(field: string, name: string, amount: JsonValue): FieldError[] {
  const errors: FieldError[] = []
  if (!name.includes('/') && !known.has(name)) {
    errors.push(invalidGoValue(field, name, 'must be a standard resource type or fully qualified'))
    errors.push(invalidGoValue(field, name, 'must be a standard resource for quota'))
  }
  const quantity = parseQuantity(plainText(amount))
  if (typeof quantity === 'string') return [...errors, invalidValue(field, amount, quantity)]
  if (quantity.digits < 0n) errors.push(invalidValue(field, plainText(amount), 'must be greater than or equal to 0'))
  const isCount = counted.has(name) || name.startsWith('count/')
  if (isCount && !isWholeQuantity(quantity)) errors.push(invalidValue(field, plainText(amount), 'must be an integer'))
  return errors
}

export const resourceQuotaRules: NativeRules = {
  strategy: {
    prepareForCreate(quota) {
      quota.status = {}
    },
    validate,
    validateUpdate(quota, old) {
      const errors = validate(quota)
      if (equalJson(listAt(quota, 'spec', 'scopes'), listAt(old, 'spec', 'scopes'))) return errors
      const scopes = textsAt(quota, 'spec', 'scopes').map(scope => JSON.stringify(scope))
      const printed = `[]core.ResourceQuotaScope{${scopes.join(', ')}}`
      return [...errors, invalidGoValue('spec.scopes', printed, 'field is immutable')]
    },
  },
}
