// What a write needs to know beside its body: who, where, when, and the options of the query.
import { type FieldError, unauthorized } from '../../api/status-error.ts'
import type { FieldValidation, WriteTarget } from '../registry/parts.ts'
import type { RequestContext, ResourceType } from '../registry/resource.ts'
import { managerOfUserAgent } from '../schema/field-manager.ts'
import { type OptionsKind, writeOptionsOf } from './read-options.ts'
import { namespaceOf } from './read-verbs.ts'
import type { ResourceCall, ResourceParts } from './resource-handler.ts'

/** `errors`: wrong options found before. */
export function writeTargetOf(
  parts: ResourceParts,
  call: ResourceCall,
  kind: OptionsKind,
  errors: readonly FieldError[] = [],
): WriteTarget {
  const { request, info, type } = call
  const options = writeOptionsOf(request.query, { kind, fieldValidation: unsetFieldValidation(type), errors })
  return {
    type,
    namespace: namespaceOf(type, info),
    name: info.name,
    subresource: info.subresource,
    context: contextOf(parts, call, options.dryRun),
    fieldValidation: options.fieldValidation,
    fieldManager: options.fieldManager || managerOfUserAgent(request.headers['user-agent'] ?? ''),
    duplicateFields: [],
  }
}

/** Kubernetes warns by default; kcp's own and bound resources are of 1.24, which prunes in silence. */
function unsetFieldValidation({ origin }: ResourceType): FieldValidation {
  return origin === 'native' || origin === 'custom' ? 'Warn' : 'Ignore'
}

function contextOf({ now }: ResourceParts, { request }: ResourceCall, dryRun: boolean): RequestContext {
  const { user, cluster, headers, warnings } = request
  if (!user) throw unauthorized()
  return {
    cluster,
    user,
    userAgent: headers['user-agent'] ?? '',
    now: now(),
    dryRun,
    warn: text => warnings.push(text),
  }
}
