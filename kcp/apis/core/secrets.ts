// Secrets: stringData is written into data, the type is fixed for life, and known types demand their keys.
import { goSyntaxError } from '../../../api/go-json-syntax.ts'
import { type JsonObject, setOwn } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, requiredValue, tooLong } from '../../schema/field-errors.ts'
import { keyPath } from '../../schema/field-path.ts'
import { ensureObject, objectAt, setDefault, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { checkImmutableData } from './immutable-data.ts'
import { base64Bytes, checkKeys, dataBytesLimit } from './keys.ts'

export const serviceAccountNameAnnotation = 'kubernetes.io/service-account.name'
const redacted = '<secret contents redacted>'

function defaults(secret: JsonObject): void {
  setDefault(secret, 'type', 'Opaque')
  const texts = objectAt(secret, 'stringData')
  delete secret.stringData
  if (Object.keys(texts).length === 0) return
  const data = ensureObject(secret, 'data')
  for (const [key, text] of Object.entries(texts)) setOwn(data, key, Buffer.from(String(text)).toString('base64'))
}

function validate(secret: KubeObject): FieldError[] {
  const data = objectAt(secret, 'data')
  return [
    ...checkKeys('data', data),
    ...(base64Bytes(data) > dataBytesLimit ? [tooLong('data', dataBytesLimit)] : []),
    ...checkKnownType(secret, data),
  ]
}

function checkKnownType(secret: KubeObject, data: JsonObject): FieldError[] {
  switch (textAt(secret, 'type')) {
    case 'kubernetes.io/service-account-token':
      if (secret.metadata.annotations?.[serviceAccountNameAnnotation]) return []
      return [requiredValue(keyPath('metadata.annotations', serviceAccountNameAnnotation))]
    case 'kubernetes.io/dockercfg':
      return checkJsonKey(data, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson':
      return checkJsonKey(data, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth': {
      const names = ['username', 'password']
      return names.some(name => Object.hasOwn(data, name)) ? [] : names.flatMap(name => checkKey(data, name))
    }
    case 'kubernetes.io/ssh-auth':
      return checkKey(data, 'ssh-privatekey')
    case 'kubernetes.io/tls':
      return ['tls.crt', 'tls.key'].flatMap(name => checkKey(data, name))
  }
  return []
}

function checkKey(data: JsonObject, name: string): FieldError[] {
  return Object.hasOwn(data, name) ? [] : [requiredValue(keyPath('data', name))]
}

function checkJsonKey(data: JsonObject, name: string): FieldError[] {
  const missing = checkKey(data, name)
  if (missing.length > 0) return missing
  const text = Buffer.from(textAt(data, name), 'base64').toString()
  try {
    JSON.parse(text)
    return []
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return [invalidValue(keyPath('data', name), redacted, goSyntaxError(text))]
  }
}

export const secretRules: NativeRules = {
  defaults,
  strategy: {
    validate,
    validateUpdate: (secret, old) => [
      ...(textAt(secret, 'type') === textAt(old, 'type')
        ? []
        : [invalidValue('type', textAt(secret, 'type'), 'field is immutable')]),
      ...checkImmutableData(secret, old, ['data']),
      ...validate(secret),
    ],
    selectableFields: { type: secret => textAt(secret, 'type') },
  },
}
