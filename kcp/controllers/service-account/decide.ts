// Names and shapes of ServiceAccounts and their token Secrets. Pure.
import { createHash } from 'node:crypto'
import { randomSuffix } from '../../../api/names/generate-name.ts'
import type { KubeObject } from '../../../api/objects.ts'

export interface ServiceAccount extends KubeObject {
  secrets?: { name: string }[]
}

export interface Secret extends KubeObject {
  type?: string
  data?: Record<string, string>
}

export const tokenSecretType = 'kubernetes.io/service-account-token'
export const accountNameAnnotation = 'kubernetes.io/service-account.name'
export const accountUidAnnotation = 'kubernetes.io/service-account.uid'
export const rootCaName = 'kube-root-ca.crt'

/** The same for the same account, so that a repeated attempt finds what the first one made. */
export function tokenSecretName(name: string, uid: string, attempt: number): string {
  const digest = createHash('sha256').update(`${uid}/${attempt}`).digest()
  let position = 0
  const suffix = randomSuffix(() => (digest[position++ % digest.length] ?? 0) / 256)
  return `${name}-token-${suffix}`
}

/** Which account a Secret is a token of; undefined for all other Secrets. */
export function accountOf(secret: Secret): { name: string; uid: string } | undefined {
  if (secret.type !== tokenSecretType) return undefined
  const annotations = secret.metadata.annotations ?? {}
  const name = annotations[accountNameAnnotation]
  return name ? { name, uid: annotations[accountUidAnnotation] ?? '' } : undefined
}

export interface TokenFacts {
  readonly token: string
  readonly certificateAuthority: string
  readonly namespace: string
}

export function tokenData({ token, certificateAuthority, namespace }: TokenFacts): Record<string, string> {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return { token: base64(token), 'ca.crt': base64(certificateAuthority), namespace: base64(namespace) }
}

export function tokenSecretOf(account: { name: string; uid: string }, secretName: string, facts: TokenFacts): Secret {
  const annotations = { [accountNameAnnotation]: account.name, [accountUidAnnotation]: account.uid }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, namespace: facts.namespace, annotations },
    type: tokenSecretType,
    data: tokenData(facts),
  }
}

export type SecretDecision = 'delete' | 'fill' | 'nothing'

/** `account` undefined: there is none of that name. */
export function decideSecret(secret: Secret, account: ServiceAccount | undefined): SecretDecision {
  const wanted = accountOf(secret)
  if (wanted === undefined || secret.metadata.deletionTimestamp) return 'nothing'
  if (account === undefined || (wanted.uid !== '' && wanted.uid !== account.metadata.uid)) return 'delete'
  const { data = {} } = secret
  return data.token && data['ca.crt'] && data.namespace && wanted.uid !== '' ? 'nothing' : 'fill'
}

export function rootCaConfigMap(namespace: string, certificateAuthority: string): KubeObject {
  const description =
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: rootCaName, namespace, annotations: { 'kubernetes.io/description': description } },
    data: { 'ca.crt': certificateAuthority },
  }
}
