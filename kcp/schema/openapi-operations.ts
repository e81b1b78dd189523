// Which paths a type has and which operation each verb is; the same for OpenAPI v2 and v3.
import type { GroupVersionKind } from '../../api/objects.ts'
import { componentName, kindComponent, metaPackage } from './openapi-components.ts'
import type { ServedSubresource, ServedType } from './served-type.ts'

export interface QueryParameter {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'integer'
}

export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete'
  readonly operationId: string
  /** x-kubernetes-action. */
  readonly action: string
  readonly kind: GroupVersionKind
  readonly query: readonly QueryParameter[]
  /** Components of the request and the response. */
  readonly body?: string
  readonly response: string
  /** Media types of the body, where a client chooses by them. */
  readonly consumes?: readonly string[]
}

export interface OperationPath {
  readonly path: string
  /** namespace and name, as far as the path has them. */
  readonly pathParameters: readonly string[]
  readonly operations: readonly Operation[]
}

const text = (name: string): QueryParameter => ({ name, type: 'string' })
const flag = (name: string): QueryParameter => ({ name, type: 'boolean' })
const integer = (name: string): QueryParameter => ({ name, type: 'integer' })

const writeQuery = [text('dryRun'), text('fieldManager'), text('fieldValidation')]
const listQuery = [
  flag('allowWatchBookmarks'),
  text('continue'),
  text('fieldSelector'),
  text('labelSelector'),
  integer('limit'),
  text('resourceVersion'),
  text('resourceVersionMatch'),
  flag('sendInitialEvents'),
  integer('timeoutSeconds'),
  flag('watch'),
]
const patchQuery = [...writeQuery, flag('force')]
const deleteQuery = [text('dryRun'), integer('gracePeriodSeconds'), flag('orphanDependents'), text('propagationPolicy')]

/** Every parameter of a query that an operation may have. */
export const queryParameters: readonly QueryParameter[] = [
  ...writeQuery,
  flag('force'),
  ...deleteQuery.slice(1),
  ...listQuery,
]

/**
 * Strategic merge is named only where the schema has merge keys: kubectl computes such a patch from the schema, and
 * without keys could never take an element out of a list. For bound Kubernetes kinds it then goes by its own types.
 */
function patchTypesOf({ schema }: ServedType): readonly string[] {
  return schema.component === undefined ? mergeTypes : strategicTypes
}

const mergeTypes = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json']
const strategicTypes = [...mergeTypes, 'application/strategic-merge-patch+json']

interface VerbFacts {
  readonly method: Operation['method']
  readonly action: string
  readonly query: readonly QueryParameter[]
  readonly body?: string
}

const verbFacts: Readonly<Record<string, VerbFacts>> = {
  get: { method: 'get', action: 'get', query: [] },
  list: { method: 'get', action: 'list', query: listQuery },
  create: { method: 'post', action: 'post', query: writeQuery, body: '' },
  update: { method: 'put', action: 'put', query: writeQuery, body: '' },
  patch: { method: 'patch', action: 'patch', query: patchQuery, body: `${metaPackage}.Patch` },
  delete: { method: 'delete', action: 'delete', query: deleteQuery, body: `${metaPackage}.DeleteOptions` },
  deletecollection: {
    method: 'delete',
    action: 'deletecollection',
    query: [...deleteQuery, ...listQuery.filter(({ name }) => name !== 'watch' && name !== 'allowWatchBookmarks')],
    body: `${metaPackage}.DeleteOptions`,
  },
}

/** What of a type stands in its paths by name. */
export interface PathNames {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly resource: string
  /** `/apis/<group>/<version>`. */
  readonly base: string
  readonly component: string
  /** `AppsV1`, in the middle of operations' ids. */
  readonly groupVersion: string
}

export function pathNames(type: ServedType): PathNames {
  const { group, version, kind, resource } = type
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const name = capitalize(group === '' ? 'core' : group.replace(/\.k8s\.io$/, '').replace(/\./g, ''))
  const groupVersion = `${name}${capitalize(version)}`
  return { group, version, kind, resource, base, component: componentName(type), groupVersion }
}

export function pathsOfType(type: ServedType, names: PathNames = pathNames(type)): OperationPath[] {
  const { base, resource } = names
  const collection = type.namespaced ? `${base}/namespaces/{namespace}/${resource}` : `${base}/${resource}`
  const scope = type.namespaced ? ['namespace'] : []
  const item = `${collection}/{name}`
  const own = { names, kind: kindOf(names), component: names.component }
  const on = (verbs: readonly string[]) => verbs.filter(verb => type.verbs.includes(verb))
  const everywhere: OperationPath[] = type.namespaced
    ? [toPath(`${base}/${resource}`, [], operations(type, on(['list']), { ...own, suffix: 'ForAllNamespaces' }))]
    : []
  const subresources = Object.entries(type.subresources)
    .filter(([, { responseKind }]) => !isConnection(responseKind))
    .map(([name, subresource]) =>
      toPath(
        `${item}/${name}`,
        ['name', ...scope],
        subresourceOperations(type, { ...own, suffix: capitalize(name) }, subresource),
      ),
    )
  return [
    ...everywhere,
    toPath(collection, scope, operations(type, on(['deletecollection', 'list', 'create']), { ...own, suffix: '' })),
    toPath(
      item,
      ['name', ...scope],
      operations(type, on(['delete', 'get', 'patch', 'update']), { ...own, suffix: '' }),
    ),
    ...subresources,
  ].filter(({ operations: found }) => found.length > 0)
}

/** exec, proxy and the like: their kind is only a name for query parameters. */
function isConnection(kind: GroupVersionKind | undefined): boolean {
  return kind?.kind.endsWith('Options') === true
}

function toPath(path: string, pathParameters: readonly string[], found: Operation[]): OperationPath {
  return { path, pathParameters, operations: found }
}

function kindOf({ group, version, kind }: PathNames): GroupVersionKind {
  return { group, version, kind }
}

interface Subject {
  readonly names: PathNames
  readonly kind: GroupVersionKind
  readonly component: string
  readonly suffix: string
}

function operations(type: ServedType, verbs: readonly string[], subject: Subject): Operation[] {
  return verbs.flatMap(verb => {
    const facts = verbFacts[verb]
    if (facts === undefined) return []
    const { method, action, query, body } = facts
    const response = verb === 'list' ? `${subject.component}List` : responseOf(verb, subject.component)
    const operation: Operation = {
      method,
      operationId: operationId(type, verb, subject),
      action,
      kind: subject.kind,
      query,
      response,
      ...(body === undefined ? {} : { body: body === '' ? subject.component : body }),
      ...(verb === 'patch' ? { consumes: patchTypesOf(type) } : {}),
    }
    return [operation]
  })
}

function responseOf(verb: string, component: string): string {
  return verb === 'delete' || verb === 'deletecollection' ? `${metaPackage}.Status` : component
}

function subresourceOperations(
  type: ServedType,
  own: Subject,
  { verbs, responseKind }: ServedSubresource,
): Operation[] {
  if (responseKind === undefined) return operations(type, verbs, own)
  return operations(type, verbs, { ...own, kind: responseKind, component: kindComponent(responseKind) })
}

const operationVerbs: Readonly<Record<string, string>> = {
  get: 'read',
  list: 'list',
  create: 'create',
  update: 'replace',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'deleteCollection',
}

/** `readAppsV1NamespacedDeploymentScale`. */
function operationId(type: ServedType, verb: string, { suffix, names }: Subject): string {
  const collection = verb === 'deletecollection' ? 'deleteCollection' : ''
  const prefix = collection === '' ? (operationVerbs[verb] ?? verb) : 'delete'
  const scope = type.namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : ''
  const middle = collection === '' ? '' : 'Collection'
  return `${prefix}${names.groupVersion}${middle}${scope}${names.kind}${suffix}`
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
