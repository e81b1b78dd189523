// Issues ServiceAccount tokens. Leaves out: who may ask for one, and the Secret or TokenRequest it travels in.
import type { KeyObject } from 'node:crypto'
import type { JsonObject } from '../../../api/json.ts'
import { signJwt, signJwtBeside } from './jwt.ts'
import { type BoundObject, legacyIssuer, serviceAccountUsername } from './service-account-claims.ts'

export interface TokenIssuerOptions {
  readonly key: KeyObject
  /** Of bound tokens, and their audience when a request names none. */
  readonly issuer: string
  readonly now: () => Date
  readonly newId: () => string
}

/** `cluster` is '' on a plain Kubernetes server: then no claim names it. */
export interface TokenSubject {
  readonly cluster: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

export interface BoundTokenRequest extends TokenSubject {
  readonly audiences?: readonly string[]
  readonly expirationSeconds: number
  readonly pod?: BoundObject
  readonly secret?: BoundObject
  readonly node?: BoundObject
}

export interface IssuedToken {
  readonly token: string
  readonly expiration: Date
  readonly audiences: readonly string[]
}

export interface TokenIssuer {
  readonly issuer: string
  issueLegacyToken(subject: TokenSubject, secretName: string): Promise<string>
  issueBoundToken(request: BoundTokenRequest): IssuedToken
}

export const kcpTokenIssuer = 'https://kcp.default.svc'
export const kubernetesTokenIssuer = 'https://kubernetes.default.svc.cluster.local'

export function createTokenIssuer({ key, issuer, now, newId }: TokenIssuerOptions): TokenIssuer {
  return {
    issuer,
    issueLegacyToken({ cluster, namespace, name, uid }, secretName) {
      const prefix = 'kubernetes.io/serviceaccount'
      const claims: JsonObject = {
        iss: legacyIssuer,
        ...(cluster === '' ? {} : { [`${prefix}/clusterName`]: cluster }),
        [`${prefix}/namespace`]: namespace,
        [`${prefix}/secret.name`]: secretName,
        [`${prefix}/service-account.name`]: name,
        [`${prefix}/service-account.uid`]: uid,
        sub: serviceAccountUsername(namespace, name),
      }
      return signJwtBeside(claims, key)
    },
    issueBoundToken(request) {
      const issuedAt = Math.floor(now().getTime() / 1000)
      const expiresAt = issuedAt + request.expirationSeconds
      const audiences = request.audiences?.length ? request.audiences : [issuer]
      const claims: JsonObject = {
        aud: [...audiences],
        exp: expiresAt,
        iat: issuedAt,
        iss: issuer,
        jti: newId(),
        'kubernetes.io': boundClaims(request),
        nbf: issuedAt,
        sub: serviceAccountUsername(request.namespace, request.name),
      }
      return { token: signJwt(claims, key), expiration: new Date(expiresAt * 1000), audiences }
    },
  }
}

function boundClaims({ cluster, namespace, name, uid, pod, secret, node }: BoundTokenRequest): JsonObject {
  return {
    ...(cluster === '' ? {} : { clusterName: cluster }),
    namespace,
    ...(node ? { node: { ...node } } : {}),
    ...(pod ? { pod: { ...pod } } : {}),
    ...(secret ? { secret: { ...secret } } : {}),
    serviceaccount: { name, uid },
  }
}
