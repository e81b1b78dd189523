// Events of both groups: the same objects, kept in the form of the core group.
import { equalJson, type JsonObject } from '../../../api/json.ts'
import { checkQualifiedName } from '../../../api/names/rules.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { invalidValue, requiredValue } from '../../schema/field-errors.ts'
import { asJson, numberAt, objectAt, setDefault, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'
import { eventConversion } from './event-forms.ts'

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
  const found = textAt(involved(event), 'namespace')
  return [invalidValue('involvedObject.namespace', found, 'does not match event.namespace')]
}

const strategy: NativeRules['strategy'] = { createOnUpdate: true, validate }
const commonFields = {
  reason: (event: KubeObject) => textAt(event, 'reason'),
  type: (event: KubeObject) => textAt(event, 'type'),
}

export const coreEventRules: NativeRules = {
  defaults(event) {
    for (const name of ['reportingComponent', 'reportingInstance']) setDefault(event, name, '')
    event.source ??= {}
    for (const name of ['firstTimestamp', 'lastTimestamp', 'eventTime']) event[name] ??= null
  },
  strategy: {
    ...strategy,
    selectableFields: {
      ...Object.fromEntries(referenceFields('involvedObject')),
      ...commonFields,
      source: event => textAt(event, 'source', 'component') || textAt(event, 'reportingComponent'),
      reportingComponent: event => textAt(event, 'reportingComponent'),
    },
  },
}

const qualifiedTexts = (field: string, text: string) =>
  text === '' ? [requiredValue(field)] : checkQualifiedName(text).map(each => invalidValue(field, text, each))

/** What every event with a time says of itself. */
function checkSource(event: KubeObject): FieldError[] {
  if (textAt(event, 'eventTime') === '') return []
  const missing = ['reportingInstance', 'action', 'reason'].filter(name => textAt(event, name) === '')
  return [
    ...qualifiedTexts('reportingController', textAt(event, 'reportingController')),
    ...missing.map(name => requiredValue(name)),
  ]
}

/** What the newer API asks of a new event; the older members stay empty. */
function validateNew(event: KubeObject): FieldError[] {
  const errors = validate(event)
  if (textAt(event, 'eventTime') === '') errors.push(requiredValue('eventTime'))
  else errors.push(...checkSource(event), ...checkSeries(objectAt(event, 'series')))
  const type = textAt(event, 'type')
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalidValue('type', '', `has invalid value: ${type}`))
  const older = { deprecatedFirstTimestamp: 'firstTimestamp', deprecatedLastTimestamp: 'lastTimestamp' }
  for (const [name, field] of Object.entries(older)) {
    if (textAt(event, name) !== '') errors.push(invalidValue(field, '', 'needs to be unset'))
  }
  if ((numberAt(event, 'deprecatedCount') ?? 0) !== 0) errors.push(invalidValue('count', '', 'needs to be unset'))
  if (textAt(event, 'deprecatedSource', 'component') !== '' || textAt(event, 'deprecatedSource', 'host') !== '') {
    errors.push(invalidValue('source', '', 'needs to be unset'))
  }
  return errors
}

function checkSeries(series: JsonObject): FieldError[] {
  if (Object.keys(series).length === 0) return []
  const errors: FieldError[] = []
  if ((numberAt(series, 'count') ?? 0) < 2) errors.push(invalidValue('series.count', '', 'should be at least 2'))
  if (textAt(series, 'lastObservedTime') === '') errors.push(requiredValue('series.lastObservedTime'))
  return errors
}

/** By their names in the core group; the reason is told twice. */
const lastingMembers: readonly (readonly [member: string, field: string])[] = [
  ['regarding', 'involvedObject'],
  ['reason', 'reason'],
  ['note', 'message'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['reason', 'reason'],
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingController', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
]

/** Through the newer API only the series of an event goes on. */
function validateUpdate(event: KubeObject, old: KubeObject): FieldError[] {
  const errors = [...validate(event), ...checkSource(event)]
  const [now, before] = [asJson(event), asJson(old)]
  const isSame = (member: string) => equalJson(now[member] ?? '', before[member] ?? '')
  if (!isSame('series')) errors.push(...checkSeries(objectAt(event, 'series')))
  const changed = lastingMembers.filter(([member]) => !isSame(member))
  return [...errors, ...changed.map(([member, field]) => invalidValue(field, now[member] ?? '', 'field is immutable'))]
}

export const eventRules: NativeRules = {
  defaults(event) {
    event.deprecatedSource ??= {}
    for (const name of ['deprecatedFirstTimestamp', 'deprecatedLastTimestamp', 'eventTime']) event[name] ??= null
  },
  conversion: eventConversion,
  namesMissing: true,
  strategy: {
    ...strategy,
    selectableFields: {
      ...Object.fromEntries(referenceFields('regarding')),
      ...commonFields,
      // The object may still be in the form it is stored in.
      reportingController: event => textAt(event, 'reportingController') || textAt(event, 'reportingComponent'),
    },
    errorGroup: '',
    validate: validateNew,
    validateUpdate,
  },
}
