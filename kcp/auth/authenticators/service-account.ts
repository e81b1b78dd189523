// ServiceAccount tokens: signed by our key, meant for us, not expired, and valid only while the ServiceAccount, the Secret
// and the Pod they name exist. Signatures are checked once per token; the rest at every request.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { unauthorized } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import type { Authenticator } from '../authenticator.ts'
import { decodeJwt, isSignedBy } from '../tokens/jwt.ts'
import {
  readServiceAccountClaims,
  type ServiceAccountClaims,
  serviceAccountUsername,
} from '../tokens/service-account-claims.ts'

/** What is stored now; undefined when it does not exist or is being deleted. */
export interface ServiceAccountLookups {
  serviceAccount(cluster: string, namespace: string, name: string): Promise<{ uid: string } | undefined>
  /** `token` as text, not base64. */
  secret(cluster: string, namespace: string, name: string): Promise<{ uid: string; token: string } | undefined>
  pod?(cluster: string, namespace: string, name: string): Promise<{ uid: string } | undefined>
}

export interface ServiceAccountOptions {
  readonly key: KeyObject
  readonly issuer: string
  /** A bound token must be for one of these. */
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
  return async ({ bearerToken }) => {
    const claims = bearerToken === '' ? undefined : verify(bearerToken)
    if (!claims) return undefined
    const problem = claimProblem(claims, options) ?? (await lookupProblem(claims, bearerToken, options.lookups))
    if (problem !== undefined) throw unauthorized()
    const user = users.get(claims) ?? userOf(claims)
    users.set(claims, user)
    return user
  }
}

/** Why these claims do not hold by themselves; undefined when they do. */
export function claimProblem(
  claims: ServiceAccountClaims,
  options: Pick<ServiceAccountOptions, 'audiences' | 'now'>,
): string | undefined {
  if (claims.subject !== serviceAccountUsername(claims.namespace, claims.name)) return 'subject is another one'
  if (claims.kind === 'legacy') return undefined
  const now = options.now().getTime() / 1000
  if (claims.expiresAt === undefined || claims.expiresAt + clockSkewSeconds <= now) return 'expired'
  if (claims.notBefore !== undefined && claims.notBefore - clockSkewSeconds > now) return 'not valid yet'
  if (!claims.audiences.some(audience => options.audiences.includes(audience))) return 'for another audience'
  return undefined
}

async function lookupProblem(
  claims: ServiceAccountClaims,
  token: string,
  lookups: ServiceAccountLookups,
): Promise<string | undefined> {
  const { cluster, namespace, name, uid } = claims
  const account = await lookups.serviceAccount(cluster, namespace, name)
  if (account?.uid !== uid) return 'ServiceAccount is gone'
  if (claims.secret) {
    const secret = await lookups.secret(cluster, namespace, claims.secret.name)
    const same = claims.kind === 'legacy' ? secret?.token === token : secret?.uid === claims.secret.uid
    if (!same) return 'Secret is gone'
  }
  if (claims.pod && lookups.pod) {
    const pod = await lookups.pod(cluster, namespace, claims.pod.name)
    if (pod?.uid !== claims.pod.uid) return 'Pod is gone'
  }
  return undefined
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
