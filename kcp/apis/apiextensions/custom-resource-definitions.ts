// CustomResourceDefinitions: completed names, what must be said, and what may not change once served.
// Leaves out: accepted names and conditions (a controller), and rules inside schemas.
import type { JsonObject } from '../../../api/json.ts'
import { boundCrdAnnotation } from '../../../api/names/kcp-keys.ts'
import { checkDnsLabel, checkDnsSubdomain } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, notSupported, requiredValue } from '../../schema/field-errors.ts'
import { indexPath, keyPath } from '../../schema/field-path.ts'
import { checkStructural } from '../../schema/structural.ts'
import { ensureObject, objectAt, objectsAt, setDefault, textAt, valueAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

export const approvalAnnotation = 'api-approved.kubernetes.io'
const protectedGroup = /(^|\.)(k8s\.io|kubernetes\.io)$/
const approvalText = `protected groups must have approval annotation "${approvalAnnotation}", see https://github.com/kubernetes/enhancements/pull/1111`

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
}

function validate(definition: KubeObject): FieldError[] {
  // A bound CRD is a schema that was validated already; it is named by a UID and may be of the core group.
  if (definition.metadata.annotations?.[boundCrdAnnotation] !== undefined) return []
  const group = textAt(definition, 'spec', 'group')
  const plural = textAt(definition, 'spec', 'names', 'plural')
  const errors: FieldError[] = []
  if (definition.metadata.name !== `${plural}.${group}`) {
    errors.push(invalidValue('metadata.name', definition.metadata.name, 'must be spec.names.plural+"."+spec.group'))
  }
  if (group === '') errors.push(requiredValue('spec.group'))
  else if (!group.includes('.')) {
    errors.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'))
  } else errors.push(...checkDnsSubdomain(group).map(text => invalidValue('spec.group', group, text)))
  if (protectedGroup.test(group) && !definition.metadata.annotations?.[approvalAnnotation]) {
    errors.push(requiredValue(keyPath('metadata.annotations', approvalAnnotation), approvalText))
  }
  return [...errors, ...checkScope(definition), ...checkNames(definition), ...checkVersions(definition)]
}

function checkScope(definition: KubeObject): FieldError[] {
  const scope = textAt(definition, 'spec', 'scope')
  if (scope === '') return [requiredValue('spec.scope')]
  return scope === 'Cluster' || scope === 'Namespaced'
    ? []
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])]
}

function checkNames(definition: KubeObject): FieldError[] {
  const names = objectAt(definition, 'spec', 'names')
  return ['plural', 'singular', 'kind', 'listKind'].flatMap(name => {
    const field = `spec.names.${name}`
    const text = textAt(names, name)
    if (text === '') return [requiredValue(field)]
    return checkDnsLabel(text.toLowerCase()).map(problem => invalidValue(field, text, problem))
  })
}

function checkVersions(definition: KubeObject): FieldError[] {
  const versions = objectsAt(definition, 'spec', 'versions')
  const errors = versions.flatMap((version, index) => checkVersion(version, indexPath('spec.versions', index)))
  if (versions.filter(version => version.storage === true).length !== 1) {
    const names = versions.map(version => textAt(version, 'name'))
    errors.push(invalidValue('spec.versions', names, 'must have exactly one version marked as storage version'))
  }
  const names = versions.map(version => textAt(version, 'name'))
  if (new Set(names).size < names.length) {
    errors.push(invalidValue('spec.versions', names, 'must contain unique version names'))
  }
  return errors
}

function checkVersion(version: JsonObject, path: string): FieldError[] {
  const name = textAt(version, 'name')
  const errors = checkDnsLabel(name).map(text => invalidValue(`${path}.name`, name, text))
  const field = `${path}.schema.openAPIV3Schema`
  const schema = objectAt(version, 'schema', 'openAPIV3Schema')
  if (valueAt(version, 'schema', 'openAPIV3Schema') === undefined) {
    return [...errors, requiredValue(field, 'schemas are required')]
  }
  return [...errors, ...checkStructural(schema, field)]
}

function checkUnchanged(definition: KubeObject, old: KubeObject): FieldError[] {
  const isEstablished = objectsAt(old, 'status', 'conditions').some(
    c => c.type === 'Established' && c.status === 'True',
  )
  const fixed = [['group'], ['names', 'plural'], ...(isEstablished ? [['scope'], ['names', 'kind']] : [])]
  return fixed.flatMap(path => {
    const text = textAt(definition, 'spec', ...path)
    if (text === textAt(old, 'spec', ...path)) return []
    return [invalidValue(['spec', ...path].join('.'), text, 'field is immutable')]
  })
}

export const customResourceDefinitionRules: NativeRules = {
  defaults,
  namesMissing: true,
  strategy: {
    prepareForCreate(definition) {
      const storage = objectsAt(definition, 'spec', 'versions').find(version => version.storage === true)
      definition.metadata.generation = 1
      definition.status = {
        conditions: [],
        acceptedNames: { plural: '', kind: '' },
        storedVersions: storage === undefined ? [] : [textAt(storage, 'name')],
      }
    },
    prepareForUpdate(definition, old, subresource) {
      if (subresource !== '') return
      const storage = objectsAt(definition, 'spec', 'versions').find(version => version.storage === true)
      const stored = objectAt(old, 'status').storedVersions
      const name = textAt(storage, 'name')
      if (!Array.isArray(stored) || name === '' || stored.includes(name)) return
      definition.status = { ...objectAt(old, 'status'), storedVersions: [...stored, name] }
    },
    validate,
    validateUpdate: (definition, old, subresource) =>
      subresource === '' ? [...checkUnchanged(definition, old), ...validate(definition)] : [],
  },
}
