// Events of both groups. They share storage, and objects are kept with the members they were written with.
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue } from '../../schema/field-errors.ts'
import { objectAt, setDefault, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

function involved(event: KubeObject) {
  return objectAt(event, event.regarding === undefined ? 'involvedObject' : 'regarding')
}

const referenceMembers = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
const referenceFields = (prefix: string) =>
  referenceMembers.map(name => [`${prefix}.${name}`, (event: KubeObject) => textAt(involved(event), name)] as const)

function validate(event: KubeObject): FieldError[] {
  const { namespace = '' } = event.metadata
  const wanted = textAt(involved(event), 'namespace') || 'default'
  if (wanted === namespace) return []
  const field = event.regarding === undefined ? 'involvedObject.namespace' : 'regarding.namespace'
  return [invalidValue(field, textAt(involved(event), 'namespace'), 'does not match event.namespace')]
}

const strategy: NativeRules['strategy'] = {
  createOnUpdate: true,
  validate,
  selectableFields: {
    ...Object.fromEntries([...referenceFields('involvedObject'), ...referenceFields('regarding')]),
    reason: event => textAt(event, 'reason'),
    type: event => textAt(event, 'type'),
    source: event =>
      textAt(event, 'source', 'component') ||
      textAt(event, 'deprecatedSource', 'component') ||
      textAt(event, 'reportingComponent') ||
      textAt(event, 'reportingController'),
    reportingComponent: event => textAt(event, 'reportingComponent') || textAt(event, 'reportingController'),
  },
}

export const coreEventRules: NativeRules = {
  defaults(event) {
    for (const name of ['reportingComponent', 'reportingInstance']) setDefault(event, name, '')
    event.source ??= {}
  },
  strategy,
}

export const eventRules: NativeRules = { strategy }
