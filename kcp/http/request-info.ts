// The path and query of a request, parsed once into a flat record (as Kubernetes' RequestInfo).

export interface RequestInfo {
  readonly isResource: boolean
  /** get, list, watch, create, update, patch, delete, deletecollection; for other paths the lower-case method. */
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly namespace: string
  /** Without the identity. */
  readonly resource: string
  /** Text after the colon of `resource:identity`; '' when absent. */
  readonly identity: string
  readonly subresource: string
  readonly name: string
  /** Path below the cluster prefix. */
  readonly path: string
  /** What follows the subresource in the path, for proxies; '' or with a slash in front. */
  readonly rest: string
}

interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}
/** `namespaces/<name>/<one of these>` is about the namespace, not about something in it. */
const namespaceSubresources = new Set(['status', 'finalize'])

export function parseRequestInfo(request: Request): RequestInfo {
  const { method, path } = request
  const segments = path.split('/').filter(segment => segment !== '')
  const [root, second = '', third = ''] = segments
  const isCore = root === 'api'
  const resourceStart = isCore ? 2 : 3
  const isResource = (isCore || root === 'apis') && segments.length > resourceStart
  if (!isResource) return { ...otherPath, verb: method.toLowerCase(), path }
  const group = isCore ? '' : second
  const version = isCore ? second : third
  return parseResourcePath(request, { group, version, segments: segments.slice(resourceStart) })
}

const otherPath = {
  isResource: false,
  group: '',
  version: '',
  namespace: '',
  resource: '',
  identity: '',
  subresource: '',
  name: '',
  rest: '',
}

interface ResourcePath {
  readonly group: string
  readonly version: string
  readonly segments: readonly string[]
}

function parseResourcePath({ method, path, query }: Request, { group, version, segments }: ResourcePath): RequestInfo {
  let rest = segments
  let verb = verbs[method] ?? method.toLowerCase()
  if (rest[0] === 'watch' && rest.length > 1) {
    verb = 'watch'
    rest = rest.slice(1)
  }
  let namespace = ''
  if (rest[0] === 'namespaces' && rest[1] !== undefined) {
    namespace = rest[1]
    if (rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '')) rest = rest.slice(2)
  }
  const [resourceAndIdentity = '', name = '', subresource = '', ...proxied] = rest
  const colon = resourceAndIdentity.indexOf(':')
  const resource = colon < 0 ? resourceAndIdentity : resourceAndIdentity.slice(0, colon)
  const info = {
    isResource: true,
    group,
    version,
    namespace,
    resource,
    identity: colon < 0 ? '' : resourceAndIdentity.slice(colon + 1),
    subresource,
    name,
    path,
    rest: proxied.length > 0 ? `/${proxied.join('/')}` : '',
  }
  if (name !== '') return { ...info, verb }
  return { ...info, verb: collectionVerb(verb, query), name: selectedName(verb, query) }
}

function collectionVerb(verb: string, query: URLSearchParams): string {
  if (verb === 'delete') return 'deletecollection'
  if (verb !== 'get') return verb
  return isTrue(query.get('watch')) ? 'watch' : 'list'
}

/** A list or watch of one name is authorized as one of that name. */
function selectedName(verb: string, query: URLSearchParams): string {
  if (verb !== 'get' && verb !== 'watch') return ''
  const selector = query.get('fieldSelector')
  if (!selector) return ''
  return /(?:^|,)metadata\.name==?([^,=]+)(?:,|$)/.exec(selector)?.[1] ?? ''
}

/** A parameter that is there is true, unless it says otherwise. */
export function isTrue(text: string | null): boolean {
  return text !== null && text !== '0' && text.toLowerCase() !== 'false'
}
