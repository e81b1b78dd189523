// ServiceAccount tokens: signed by our key, meant for us, not expired, and valid only while the ServiceAccount, the Secret
// and the Pod they name exist. Signatures are checked once per token; the rest at every request.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { unauthorized } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import type { Authenticator } from '../authenticator.ts'
import { decodeJwt, isSignedBy } from '../tokens/jwt.ts'
import {
  type BoundObject,
  readServiceAccountClaims,
  type ServiceAccountClaims,
  serviceAccountUsername,
} from '../tokens/service-account-claims.ts'

/** What is stored now; undefined when it does not exist or is being deleted. */
export interface ServiceAccountLookups {
  serviceAccount(cluster: string, namespace: string, name: string): Promise<{ uid: string } | undefined>
  /** `token` as text, not base64. */
  secret(cluster: string, namespace: string, name: string): Promise<{ uid: string; token: string } | undefined>
  pod?(cluster: string, namespace: string, name: string): Promise<PodFacts | undefined>
  node?(cluster: string, name: string): Promise<{ uid: string } | undefined>
}

export interface PodFacts {
  readonly uid: string
  readonly serviceAccountName: string
  /** '' before it is scheduled. */
  readonly nodeName: string
}

export interface ServiceAccountOptions {
  readonly key: KeyObject
  readonly issuer: string
  /** Of this server: a bound token must be for one of these, unless the caller asks for others. */
  readonly audiences: readonly string[]
  readonly lookups: ServiceAccountLookups
  readonly now: () => Date
}

/** Extra of a user that is the ServiceAccount of a logical cluster. */
export const clusterNameExtra = 'authentication.kubernetes.io/cluster-name'

const verifiedTokensMax = 4096
const clockSkewSeconds = 60

export function createServiceAccountAuthenticator(options: ServiceAccountOptions): Authenticator {
  const publicKey = createPublicKey(options.key)
  const verified = new LRUCache<string, ServiceAccountClaims>({ max: verifiedTokensMax })
  const users = new WeakMap<ServiceAccountClaims, UserInfo>()
  const verify = (token: string): ServiceAccountClaims | undefined => {
    const known = verified.get(token)
    if (known) return known
    const jwt = decodeJwt(token)
    const claims = jwt && readServiceAccountClaims(jwt.claims)
    if (!jwt || !claims) return undefined
    if (claims.kind === 'bound' && claims.issuer !== options.issuer) return undefined
    if (!isSignedBy(jwt, publicKey)) throw unauthorized()
    verified.set(token, claims)
    return claims
  }
  return async ({ bearerToken, audiences }) => {
    const claims = bearerToken === '' ? undefined : verify(bearerToken)
    if (!claims) return undefined
    const problem =
      claimProblem(claims, { audiences: options.audiences, asked: audiences, now: options.now }) ??
      (await lookupProblem(claims, bearerToken, options.lookups))
    if (problem !== undefined) throw unauthorized(problem)
    const user = users.get(claims) ?? userOf(claims)
    users.set(claims, user)
    return user
  }
}

interface ClaimOptions extends Pick<ServiceAccountOptions, 'audiences' | 'now'> {
  /** Audiences the caller asks about instead. */
  readonly asked?: readonly string[] | undefined
}

/** Why these claims do not hold by themselves; undefined when they do. */
export function claimProblem(claims: ServiceAccountClaims, options: ClaimOptions): string | undefined {
  const { audiences, asked = audiences } = options
  // Legacy tokens are for this server only.
  const own = claims.kind === 'legacy' ? audiences : claims.audiences
  if (!own.some(audience => asked.includes(audience)))
    return `token audiences ${quoted(own)} is invalid for the target audiences ${quoted(asked)}`
  if (claims.subject !== serviceAccountUsername(claims.namespace, claims.name)) return 'sub claim is invalid'
  if (claims.kind === 'legacy') return undefined
  const now = options.now().getTime() / 1000
  if (claims.expiresAt === undefined || claims.expiresAt + clockSkewSeconds <= now)
    return 'service account token has expired'
  if (claims.notBefore !== undefined && claims.notBefore - clockSkewSeconds > now)
    return 'service account token is not valid yet'
  return undefined
}

const quoted = (texts: readonly string[]): string => `[${texts.map(text => JSON.stringify(text)).join(' ')}]`

async function lookupProblem(
  claims: ServiceAccountClaims,
  token: string,
  lookups: ServiceAccountLookups,
): Promise<string | undefined> {
  const { cluster, namespace, name, uid } = claims
  const account = await lookups.serviceAccount(cluster, namespace, name)
  if (!account) return `serviceaccounts "${name}" not found`
  if (account.uid !== uid) return `service account UID (${account.uid}) does not match claim (${uid})`
  const { pod, node, secret } = claims
  if (secret && claims.kind === 'legacy') {
    const found = await lookups.secret(cluster, namespace, secret.name)
    return found?.token === token ? undefined : 'Token has been invalidated'
  }
  const isGone = async (bound: BoundObject | undefined, found: Promise<{ uid: string } | undefined> | undefined) =>
    bound !== undefined && found !== undefined && (await found)?.uid !== bound.uid
  const gone =
    (await isGone(secret, secret && lookups.secret(cluster, namespace, secret.name))) ||
    (await isGone(pod, pod && lookups.pod?.(cluster, namespace, pod.name))) ||
    // The node of a pod is told; a token that is bound to a node and no pod ends with the node.
    (!pod && (await isGone(node, node && lookups.node?.(cluster, node.name))))
  return gone ? 'service account token has been invalidated' : undefined
}

function userOf({ cluster, namespace, name, uid, pod, node, tokenId }: ServiceAccountClaims): UserInfo {
  const extra: Record<string, string[]> = {}
  if (cluster !== '') extra[clusterNameExtra] = [cluster]
  const prefix = 'authentication.kubernetes.io'
  if (cluster === '' && tokenId !== '') extra[`${prefix}/credential-id`] = [`JTI=${tokenId}`]
  if (pod) Object.assign(extra, { [`${prefix}/pod-name`]: [pod.name], [`${prefix}/pod-uid`]: [pod.uid] })
  if (node) Object.assign(extra, { [`${prefix}/node-name`]: [node.name], [`${prefix}/node-uid`]: [node.uid] })
  return {
    username: serviceAccountUsername(namespace, name),
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  }
}
