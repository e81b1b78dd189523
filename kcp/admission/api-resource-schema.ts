// APIResourceSchemas: names that say what they hold, groups that may be defined, and a spec that never changes.
import { equalJson, isJsonObject, type JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { FieldError } from '../../api/status-error.ts'
import { checkSchemaRules } from '../schema/cel/schema-rules.ts'
import { checkKeywords } from '../schema/schema-keywords.ts'
import { aggregate, invalidText, isResource, type Plugin, refuse, requiredText } from './plugin.ts'

interface Version {
  name?: string
  storage?: boolean
  schema?: unknown
}

interface ApiResourceSchema extends KubeObject {
  spec?: {
    group?: string
    names?: { plural?: string; singular?: string; kind?: string; listKind?: string }
    versions?: Version[]
  }
}

export const apiResourceSchemaPlugin: Plugin = {
  name: 'tenancy.kcp.io/APIResourceSchema',
  handles: isResource('apis.kcp.io', 'apiresourceschemas'),
  validate(request) {
    if (request.operation === 'DELETE') return
    const schema = request.object as ApiResourceSchema
    const errors = request.operation === 'CREATE' ? findings(schema) : changes(schema, request.old as ApiResourceSchema)
    if (errors.length > 0) throw refuse(request, aggregate(errors))
  },
}

function changes(schema: ApiResourceSchema, old: ApiResourceSchema): string[] {
  return equalJson(schema.spec, old.spec) ? [] : ['spec: Invalid value: "object": is immutable']
}

const prefixPattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/

function findings(schema: ApiResourceSchema): string[] {
  const { group = '', names = {}, versions = [] } = schema.spec ?? {}
  return [
    ...nameFindings(schema.metadata.name, `.${names.plural ?? ''}.${group === '' ? 'core' : group}`),
    ...groupFindings(group, schema.metadata.annotations ?? {}),
    ...(['plural', 'singular', 'kind', 'listKind'] as const)
      .filter(name => !names[name])
      .map(name => requiredText(`spec.names.${name}`)),
    ...versionFindings(versions),
  ]
}

function nameFindings(name: string, suffix: string): string[] {
  if (!name.endsWith(suffix)) return [invalidText('metadata.name', name, `must end in ${suffix}`)]
  if (prefixPattern.test(name.slice(0, -suffix.length))) return []
  return [invalidText('metadata.name', name, `must match ${prefixPattern.source} in front of ${suffix}`)]
}

const approvedAnnotation = 'api-approved.kubernetes.io'
const dotlessGroups = ['', 'apps', 'batch', 'extensions', 'policy', 'autoscaling']
const protectedGroup = /(^|\.)(k8s|kubernetes)\.io$/

function groupFindings(group: string, annotations: Record<string, string>): string[] {
  if (group === 'core') return [invalidText('spec.group', group, 'must be empty string for the core group')]
  if (!group.includes('.') && !dotlessGroups.includes(group)) {
    return [invalidText('spec.group', group, 'should be a domain with at least one dot')]
  }
  if (!protectedGroup.test(group) || annotations[approvedAnnotation] !== undefined) return []
  const text = `protected groups must have approval annotation "${approvedAnnotation}", see https://github.com/kubernetes/enhancements/pull/1111`
  return [requiredText(`metadata.annotations[${approvedAnnotation}]`, text)]
}

function versionFindings(versions: readonly Version[]): string[] {
  const errors: string[] = []
  const names = versions.map(version => version.name ?? '')
  names.forEach((name, index) => {
    if (names.indexOf(name) < index)
      errors.push(`spec.versions[${index}].name: Duplicate value: ${JSON.stringify(name)}`)
  })
  if (versions.filter(version => version.storage).length !== 1) {
    errors.push(invalidText('spec.versions', names, 'must have exactly one version marked as storage version'))
  }
  versions.forEach(({ schema }, index) => {
    const field = `spec.versions[${index}].schema.openAPIV3Schema`
    if (isJsonObject(schema) && typeof schema.type === 'string' && schema.type !== '') {
      const problems = [...checkReferences(schema, field), ...checkSchemaRules(schema, field)]
      errors.push(...problems.map(error => `${error.field}: ${error.message}`))
    } else errors.push(requiredText(`${field}.type`, 'must not be empty at the root'))
  })
  return errors
}

/** Schemas of imports need not be structural, but they must stand for themselves. */
function checkReferences(schema: JsonObject, field: string): FieldError[] {
  return checkKeywords(schema, field).filter(error => error.field.endsWith('.$ref'))
}
