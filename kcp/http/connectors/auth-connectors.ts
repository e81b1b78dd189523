// Reviews and token requests over HTTP: bodies are checked here, answered by kcp/auth, and never stored.
import { isJsonObject, type JsonValue } from '../../../api/json.ts'
import { apiVersionOf, type GroupVersionKind, type KubeObject, type ObjectMeta } from '../../../api/objects.ts'
import { badRequest, resourceNotFound, unauthorized } from '../../../api/status-error.ts'
import type { Review } from '../../auth/reviews/review.ts'
import type { RequestToken } from '../../auth/tokens/token-request.ts'
import type { Connector, ConnectorCall } from '../connector.ts'
import { decodeBody } from '../decode-body.ts'
import { notAllowed } from '../resource-handler.ts'
import { jsonResponse } from '../responses.ts'

export interface AuthConnectorDeps {
  /** By `<group>/<resource>`. */
  readonly reviews: ReadonlyMap<string, Review>
  readonly requestToken: RequestToken
}

/** By connectorKey. */
export function createAuthConnectors({ reviews, requestToken }: AuthConnectorDeps): Record<string, Connector> {
  const connectors: Record<string, Connector> = {
    '/serviceaccounts/token': createTokenConnector(requestToken),
  }
  for (const [path, review] of reviews) connectors[`${path}/`] = createReviewConnector(review)
  return connectors
}

function createReviewConnector(review: Review): Connector {
  return async call => {
    requireCreate(call)
    const { request, info, type } = call
    if (!request.user) throw unauthorized()
    const body = objectOf(await decodeBody(request, type), type)
    const answered = await review({ user: request.user, cluster: request.cluster, namespace: info.namespace, body })
    return jsonResponse(201, answered)
  }
}

const tokenRequestKind: GroupVersionKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }

function createTokenConnector(requestToken: RequestToken): Connector {
  return async call => {
    requireCreate(call)
    const { request, info } = call
    const body = objectOf(await decodeBody(request, tokenRequestKind), tokenRequestKind)
    const { namespace, name } = info
    return jsonResponse(201, await requestToken({ cluster: request.cluster, namespace, name, body }))
  }
}

function requireCreate({ info, type }: ConnectorCall): void {
  if (info.subresource === '' && info.name !== '') throw resourceNotFound()
  if (info.verb !== 'create') throw notAllowed(type, info.verb)
}

function objectOf(value: JsonValue, gvk: GroupVersionKind): KubeObject {
  const { kind } = gvk
  const apiVersion = apiVersionOf(gvk)
  if (!isJsonObject(value)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`)
  const given = { apiVersion: value.apiVersion ?? apiVersion, kind: value.kind ?? kind }
  if (given.apiVersion !== apiVersion || given.kind !== kind) {
    const found = `${JSON.stringify(given.apiVersion)}, ${JSON.stringify(given.kind)}`
    throw badRequest(`${kind} in version "${gvk.version}" cannot be handled: the body is ${found}`)
  }
  const metadata = isJsonObject(value.metadata) ? value.metadata : {}
  return { ...value, apiVersion, kind, metadata: metadata as unknown as ObjectMeta }
}
