// The options of DELETE: from the body when there is one, else from the query. What is no DeleteOptions is refused, so that
// nothing is deleted that was meant to be kept.
import { getOwn, goKind, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { type FieldError, failure, invalid } from '../../api/status-error.ts'
import type { DeleteOptions, PropagationPolicy } from '../registry/delete.ts'
import { invalidValue } from '../schema/field-errors.ts'
import { goNumberToken, isGoInt64 } from '../schema/go-value.ts'
import { decodeWithDuplicates } from './decode-body.ts'
import type { ApiRequest } from './exchange.ts'
import { checkDryRun, integerOf, unsupportedOption } from './read-options.ts'
import { isTrue } from './request-info.ts'

export interface ReadDeleteOptions {
  readonly options: DeleteOptions
  readonly dryRun: boolean
}

export async function readDeleteOptions(request: ApiRequest): Promise<ReadDeleteOptions> {
  const bytes = await request.body()
  const read = checked(bytes.length === 0 ? queryOptions(request.query) : decoded(await bodyOf(request, bytes)))
  // Kubernetes does not look at the query when there is a body; but who asks for a dry run wants nothing deleted.
  return { ...read, dryRun: read.dryRun || request.query.has('dryRun') }
}

interface SentOptions {
  readonly uid?: string | undefined
  readonly resourceVersion?: string | undefined
  readonly propagationPolicy?: string | undefined
  readonly orphanDependents?: boolean | undefined
  readonly dryRun: readonly string[]
}

function queryOptions(query: URLSearchParams): SentOptions {
  integerOf(query, 'gracePeriodSeconds')
  const textOf = (name: string) => query.get(name) ?? undefined
  return {
    uid: textOf('uid'),
    resourceVersion: textOf('resourceVersion'),
    propagationPolicy: textOf('propagationPolicy'),
    orphanDependents: query.has('orphanDependents') ? isTrue(query.get('orphanDependents')) : undefined,
    dryRun: query.getAll('dryRun'),
  }
}

/** Kubernetes answers 500 without a reason when it cannot read these options. */
const unreadable = (problem: string) => failure(500, '', problem)

const wrapped = /^the object provided is unrecognized \(must be of type DeleteOptions\): (.*) \(.*\)$/s

async function bodyOf(request: ApiRequest, bytes: Uint8Array): Promise<JsonObject> {
  try {
    const { body } = await decodeWithDuplicates({ ...request, body: async () => bytes }, { kind: 'DeleteOptions' })
    return body as JsonObject
  } catch (error) {
    const [, problem] = error instanceof Error ? (wrapped.exec(error.message) ?? []) : []
    throw problem === undefined ? error : unreadable(problem)
  }
}

function decoded(body: JsonObject): SentOptions {
  const { apiVersion = 'meta.k8s.io/v1', kind = '' } = body
  if (kind !== '' && kind !== 'DeleteOptions') {
    const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27'
    throw unreadable(`no kind "${kind}" is registered for version "${apiVersion}" in scheme "${scheme}"`)
  }
  const options = { members: body, path: 'DeleteOptions' }
  const given = member(options, 'preconditions', 'v1.Preconditions', isJsonObject)
  const preconditions = { members: given ?? {}, path: 'Preconditions.preconditions' }
  member(options, 'gracePeriodSeconds', 'int64', isInt64)
  return {
    uid: member(preconditions, 'uid', 'types.UID', isText),
    resourceVersion: member(preconditions, 'resourceVersion', 'string', isText),
    propagationPolicy: member(options, 'propagationPolicy', 'v1.DeletionPropagation', isText),
    orphanDependents: member(options, 'orphanDependents', 'bool', isBoolean),
    dryRun: (member(options, 'dryRun', '[]string', isList) ?? []).map(each => {
      if (each !== null && !isText(each)) throw wrongType(each, 'DeleteOptions.dryRun', 'string')
      return each ?? ''
    }),
  }
}

interface Struct {
  readonly members: JsonObject
  /** As Go names it in messages. */
  readonly path: string
}

/** Null is absent. */
function member<T extends JsonValue>(
  { members, path }: Struct,
  name: string,
  goType: string,
  isOfType: (value: JsonValue) => value is T,
): T | undefined {
  const value = getOwn(members, name) ?? null
  if (value === null) return undefined
  if (!isOfType(value)) throw wrongType(value, `${path}.${name}`, goType)
  return value
}

function wrongType(value: JsonValue, field: string, goType: string) {
  const found = goType === 'int64' ? goNumberToken(value) : goKind(value)
  return unreadable(`json: cannot unmarshal ${found} into Go struct field ${field} of type ${goType}`)
}

const isText = (value: JsonValue): value is string => typeof value === 'string'
const isBoolean = (value: JsonValue): value is boolean => typeof value === 'boolean'
const isList = (value: JsonValue): value is JsonValue[] => Array.isArray(value)
const isInt64 = (value: JsonValue): value is number => isGoInt64(value)

function checked({ propagationPolicy: policy, orphanDependents, dryRun, ...sent }: SentOptions): ReadDeleteOptions {
  const errors = [...checkPolicy(policy, orphanDependents), ...checkDryRun(dryRun)]
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors)
  const propagationPolicy = isPolicy(policy) ? policy : orphanDependents === true ? 'Orphan' : undefined
  const { uid, resourceVersion } = sent
  return {
    dryRun: dryRun.length > 0,
    options: {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    },
  }
}

const policies = ['Foreground', 'Background', 'Orphan'] as const

function isPolicy(text: string | undefined): text is PropagationPolicy {
  return policies.some(each => each === text)
}

function checkPolicy(policy: string | undefined, orphanDependents: boolean | undefined): FieldError[] {
  if (policy === undefined) return []
  const both = 'orphanDependents and deletionPropagation cannot be both set'
  return [
    ...(orphanDependents === undefined ? [] : [invalidValue('propagationPolicy', policy, both)]),
    ...(isPolicy(policy) ? [] : [unsupportedOption('propagationPolicy', JSON.stringify(policy), [...policies, 'nil'])]),
  ]
}
