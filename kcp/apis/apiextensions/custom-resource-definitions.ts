// CustomResourceDefinitions: completed names, what must be said, and what may not change once served.
// Leaves out: accepted names and most conditions (a controller), and rules inside schemas.
import type { ConditionState } from '../../../api/conditions.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import { boundCrdAnnotation } from '../../../api/names/kcp-keys.ts'
import { checkDnsSubdomain } from '../../../api/names/rules.ts'
import { type Condition, clusterAnnotation, type KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidGoValue, invalidValue, notSupported, requiredValue } from '../../schema/field-errors.ts'
import { indexPath, keyPath } from '../../schema/field-path.ts'
import { goStrings } from '../../schema/go-value.ts'
import { ensureObject, listAt, objectAt, objectsAt, setDefault, textAt, textsAt, valueAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { approvalAnnotation, approvalOf, isProtectedGroup } from './api-approval.ts'
import { checkConversion } from './conversion.ts'
import { setCrdCondition } from './crd-conditions.ts'
import { checkNames, checkRequiredNames } from './crd-names.ts'
import { checkVersions, knownSchemas } from './crd-versions.ts'

const httpsPort = 443

function defaults(definition: JsonObject): void {
  const spec = objectAt(definition, 'spec')
  if (Object.keys(spec).length === 0) return
  const names = ensureObject(spec, 'names')
  const kind = textAt(names, 'kind')
  if (kind !== '') {
    setDefault(names, 'singular', kind.toLowerCase())
    setDefault(names, 'listKind', `${kind}List`)
  }
  const conversion = ensureObject(spec, 'conversion')
  setDefault(conversion, 'strategy', 'None')
  const service = valueAt(conversion, 'webhook', 'clientConfig', 'service')
  if (isJsonObject(service)) service.port ??= httpsPort
}

const boundCrdsCluster = 'system:bound-crds'

/** A bound CRD is a schema that was validated already; it is named by a UID and may be of the core group. */
function isBoundCrd({ metadata: { annotations = {} } }: KubeObject): boolean {
  return annotations[boundCrdAnnotation] !== undefined && annotations[clusterAnnotation] === boundCrdsCluster
}

function validate(definition: KubeObject, old?: KubeObject): FieldError[] {
  if (isBoundCrd(definition)) return []
  const spec = objectAt(definition, 'spec')
  const versions = checkVersions(spec, old ? knownSchemas(objectAt(old, 'spec')) : new Map())
  const names = objectAt(spec, 'names')
  const name = `${textAt(names, 'plural')}.${textAt(spec, 'group')}`
  return [
    ...(old !== undefined || definition.metadata.name === name
      ? []
      : [invalidValue('metadata.name', definition.metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...checkGroup(textAt(spec, 'group')),
    ...checkScope(textAt(spec, 'scope')),
    ...checkUnpruned(spec),
    ...versions.own,
    ...versions.set,
    ...checkRequiredNames(names),
    ...checkNames(names, 'spec.names'),
    ...versions.shared,
    ...checkConversion(spec),
    ...checkStatus(definition),
    ...checkStoredVersions(definition),
    ...checkApproval(definition, old),
    ...(spec.preserveUnknownFields === true
      ? [
          invalidValue(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
  ]
}

function checkGroup(group: string): FieldError[] {
  if (group === '') return [requiredValue('spec.group')]
  const problems = checkDnsSubdomain(group)
  if (problems.length > 0) return [invalidValue('spec.group', group, problems.join(','))]
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
}

const scopes = ['Cluster', 'Namespaced']

function checkScope(scope: string): FieldError[] {
  if (scope === '') return [requiredValue('spec.scope')]
  return scopes.includes(scope) ? [] : [notSupported('spec.scope', scope, scopes)]
}

/** Defaults and conversion are only for objects that are pruned. */
function checkUnpruned(spec: JsonObject): FieldError[] {
  if (spec.preserveUnknownFields !== true) return []
  if (!objectsAt(spec, 'versions').some(version => hasDefault(valueAt(version, 'schema', 'openAPIV3Schema')))) return []
  return [invalidValue('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema')]
}

function hasDefault(schema: JsonValue | undefined): boolean {
  if (Array.isArray(schema)) return schema.some(hasDefault)
  if (!isJsonObject(schema)) return false
  return (schema.default !== undefined && schema.default !== null) || Object.values(schema).some(hasDefault)
}

function checkStatus(definition: KubeObject): FieldError[] {
  return checkNames(objectAt(definition, 'status', 'acceptedNames'), 'status.acceptedNames')
}

function checkStoredVersions(definition: KubeObject): FieldError[] {
  const path = 'status.storedVersions'
  const stored = textsAt(definition, 'status', 'storedVersions')
  const printed = goStrings(stored)
  if (stored.length === 0) return [invalidGoValue(path, '[]string(nil)', 'must have at least one stored version')]
  const versions = objectsAt(definition, 'spec', 'versions')
  const names = versions.map(version => textAt(version, 'name'))
  return [
    ...versions
      .filter(version => version.storage === true && !stored.includes(textAt(version, 'name')))
      .map(version => invalidGoValue(path, printed, `must have the storage version ${textAt(version, 'name')}`)),
    ...stored.flatMap((name, index) =>
      names.includes(name) ? [] : [invalidValue(indexPath(path, index), name, 'must appear in spec.versions')],
    ),
  ]
}

/** Whoever does not change the state of the approval is not asked for it. */
function checkApproval(definition: KubeObject, old: KubeObject | undefined): FieldError[] {
  if (!isProtectedGroup(textAt(definition, 'spec', 'group'))) return []
  const { annotations = {} } = definition.metadata
  const { state, text } = approvalOf(annotations)
  if (old && approvalOf(old.metadata.annotations ?? {}).state === state) return []
  const field = keyPath('metadata.annotations', approvalAnnotation)
  if (state === 'missing') return [requiredValue(field, text)]
  return state === 'invalid' ? [invalidValue(field, annotations[approvalAnnotation] ?? '', text)] : []
}

function checkUnchanged(definition: KubeObject, old: KubeObject): FieldError[] {
  const isEstablished = objectsAt(old, 'status', 'conditions').some(
    c => c.type === 'Established' && c.status === 'True',
  )
  const fixed = [...(isEstablished ? [['scope'], ['names', 'kind']] : []), ['group'], ['names', 'plural']]
  return fixed.flatMap(path => {
    const text = textAt(definition, 'spec', ...path)
    if (text === textAt(old, 'spec', ...path)) return []
    return [invalidValue(['spec', ...path].join('.'), text, 'field is immutable')]
  })
}

/** Of the versions; when all are taken away, the one that is stored now is left. */
function keepStoredVersions(definition: KubeObject): void {
  const status = objectAt(definition, 'status')
  if (listAt(status, 'storedVersions').length > 0) return
  const storage = objectsAt(definition, 'spec', 'versions').filter(version => version.storage === true)
  definition.status = { ...status, storedVersions: storage.map(version => textAt(version, 'name')) }
}

export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

const deletionPending: ConditionState = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionPending',
  message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
}

export const customResourceDefinitionRules: NativeRules = {
  defaults,
  namesMissing: true,
  strategy: {
    prepareForCreate(definition) {
      const storage = objectsAt(definition, 'spec', 'versions').find(version => version.storage === true)
      definition.metadata.generation = 1
      definition.status = {
        conditions: null,
        acceptedNames: { plural: '', kind: '' },
        storedVersions: storage === undefined ? [] : [textAt(storage, 'name')],
      }
    },
    prepareForUpdate(definition, old, subresource) {
      if (subresource !== '') {
        keepStoredVersions(definition)
        return
      }
      const storage = objectsAt(definition, 'spec', 'versions').find(version => version.storage === true)
      const stored = objectAt(old, 'status').storedVersions
      const name = textAt(storage, 'name')
      if (!Array.isArray(stored) || name === '' || stored.includes(name)) return
      definition.status = { ...objectAt(old, 'status'), storedVersions: [...stored, name] }
    },
    mayDeleteNow: definition => definition.metadata.deletionTimestamp !== undefined || isBoundCrd(definition),
    onDeletionMarked(definition, { now }) {
      const { metadata } = definition
      const { finalizers = [] } = metadata
      metadata.finalizers = [...finalizers.filter(each => each !== cleanupFinalizer), cleanupFinalizer]
      // Other kinds count a deletion as a change.
      if (metadata.generation !== undefined) metadata.generation--
      const status = objectAt(definition, 'status')
      const before = objectsAt(status, 'conditions') as unknown as Condition[]
      definition.status = { ...status, conditions: setCrdCondition(before, deletionPending, now) }
    },
    validate: definition => validate(definition),
    validateUpdate(definition, old, subresource) {
      if (subresource !== '') return checkStatus(definition)
      return isBoundCrd(definition) ? [] : [...validate(definition, old), ...checkUnchanged(definition, old)]
    },
  },
}
