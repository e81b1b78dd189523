// What the claims of a ServiceAccount token say, both ways: legacy tokens of Secrets, and bound tokens of TokenRequest.
// A token of a logical cluster names it; a plain Kubernetes server's does not.
import { getOwn, isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../../api/json.ts'
import { decodeJwt } from './jwt.ts'

export interface ServiceAccountClaims {
  readonly kind: 'legacy' | 'bound'
  readonly issuer: string
  readonly subject: string
  /** '' on a plain Kubernetes server. */
  readonly cluster: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /** Name of the Secret a legacy token lies in; bound tokens may name one too. */
  readonly secret?: BoundObject
  readonly pod?: BoundObject
  readonly node?: BoundObject
  readonly audiences: readonly string[]
  readonly tokenId: string
  /** Seconds since 1970; undefined: none. */
  readonly expiresAt?: number | undefined
  readonly notBefore?: number | undefined
}

export interface BoundObject {
  readonly name: string
  readonly uid: string
}

export const legacyIssuer = 'kubernetes/serviceaccount'
const legacyPrefix = 'kubernetes.io/serviceaccount/'
const boundClaim = 'kubernetes.io'

export function serviceAccountUsername(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`
}

/** undefined when these are no claims of a ServiceAccount. */
export function readServiceAccountClaims(claims: JsonObject): ServiceAccountClaims | undefined {
  const common = { issuer: text(claims.iss), subject: text(claims.sub), tokenId: text(claims.jti) }
  if (common.issuer === legacyIssuer) {
    const claim = (name: string): string => text(getOwn(claims, legacyPrefix + name))
    return {
      ...common,
      kind: 'legacy',
      cluster: claim('clusterName'),
      namespace: claim('namespace'),
      name: claim('service-account.name'),
      uid: claim('service-account.uid'),
      secret: { name: claim('secret.name'), uid: '' },
      audiences: [],
    }
  }
  const bound = getOwn(claims, boundClaim)
  if (!isJsonObject(bound) || !isJsonObject(bound.serviceaccount)) return undefined
  const refs = { secret: boundObject(bound.secret), pod: boundObject(bound.pod), node: boundObject(bound.node) }
  return {
    ...common,
    kind: 'bound',
    cluster: text(bound.clusterName),
    namespace: text(bound.namespace),
    name: text(bound.serviceaccount.name),
    uid: text(bound.serviceaccount.uid),
    ...(refs.secret ? { secret: refs.secret } : {}),
    ...(refs.pod ? { pod: refs.pod } : {}),
    ...(refs.node ? { node: refs.node } : {}),
    audiences: (Array.isArray(claims.aud) ? claims.aud : [claims.aud]).map(text),
    expiresAt: numberValue(claims.exp),
    notBefore: numberValue(claims.nbf),
  }
}

/** The logical cluster a token says it is from, unverified; '' for any other token. Used to route, never to allow. */
export function unverifiedClusterOf(token: string): string {
  const jwt = decodeJwt(token)
  return jwt === undefined ? '' : (readServiceAccountClaims(jwt.claims)?.cluster ?? '')
}

function boundObject(value: JsonValue | undefined): BoundObject | undefined {
  return isJsonObject(value) ? { name: text(value.name), uid: text(value.uid) } : undefined
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
