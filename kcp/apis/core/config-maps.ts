// ConfigMaps: keys, size and the immutable switch.
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, tooLong } from '../../schema/field-errors.ts'
import { keyPath } from '../../schema/field-path.ts'
import { objectAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { checkImmutableData } from './immutable-data.ts'
import { base64Bytes, checkKeys, dataBytesLimit, textBytes } from './keys.ts'

function validate(object: KubeObject): FieldError[] {
  const data = objectAt(object, 'data')
  const binaryData = objectAt(object, 'binaryData')
  const twice = Object.keys(data).filter(key => Object.hasOwn(binaryData, key))
  const size = textBytes(data) + base64Bytes(binaryData)
  return [
    ...checkKeys('data', data),
    ...twice.map(key => invalidValue(keyPath('data', key), key, 'duplicate of key present in binaryData')),
    ...checkKeys('binaryData', binaryData),
    ...(size > dataBytesLimit ? [tooLong('[]', dataBytesLimit)] : []),
  ]
}

export const configMapRules: NativeRules = {
  strategy: {
    validate,
    validateUpdate: (object, old) => [...checkImmutableData(object, old, ['data', 'binaryData']), ...validate(object)],
  },
}
