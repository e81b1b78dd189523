// TokenRequest: a bound token for a ServiceAccount, for a time, for some audiences, and if asked only as long as a Pod or
// Secret exists. Leaves out: who may ask; that is RBAC on serviceaccounts/token.
import { isJsonObject, type JsonObject, numberValue } from '../../../api/json.ts'
import { type KubeObject, parseApiVersion } from '../../../api/objects.ts'
import { badRequest, conflict, type FieldError, invalid, notFound } from '../../../api/status-error.ts'
import type { ServiceAccountLookups } from '../authenticators/service-account.ts'
import { specOf, textOf, textsOf } from '../reviews/review.ts'
import type { BoundTokenRequest, TokenIssuer } from './token-issuer.ts'

export interface TokenRequestCall {
  readonly cluster: string
  readonly namespace: string
  /** Of the ServiceAccount. */
  readonly name: string
  readonly body: KubeObject
}

export interface TokenRequestDeps {
  readonly issuer: TokenIssuer
  readonly accounts: Required<ServiceAccountLookups>
}

export type RequestToken = (call: TokenRequestCall) => Promise<KubeObject>

type Bound = Pick<BoundTokenRequest, 'pod' | 'secret' | 'node'>

const resources: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }

const expirationSecondsDefault = 3600
const expirationSecondsMin = 600
const expirationSecondsMax = 2 ** 32

export function createRequestToken({ issuer, accounts }: TokenRequestDeps): RequestToken {
  return async call => {
    const { cluster, namespace, name, body } = call
    const spec = specOf(body)
    const expirationSeconds = numberValue(spec.expirationSeconds) ?? expirationSecondsDefault
    const errors = expirationErrors(expirationSeconds)
    if (errors.length > 0) throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', errors)
    const account = await accounts.serviceAccount(cluster, namespace, name)
    if (!account) throw notFound({ group: '', resource: 'serviceaccounts' }, name)
    const bound = isJsonObject(spec.boundObjectRef) ? await resolveBound(accounts, call, spec.boundObjectRef) : {}
    const issued = issuer.issueBoundToken({
      cluster,
      namespace,
      name,
      uid: account.uid,
      audiences: textsOf(spec.audiences),
      expirationSeconds,
      ...bound,
    })
    return {
      apiVersion: body.apiVersion,
      kind: body.kind,
      metadata: {
        name,
        namespace,
        creationTimestamp: isoSeconds(new Date(issued.expiration.getTime() - expirationSeconds * 1000)),
      },
      spec: { audiences: [...issued.audiences], boundObjectRef: spec.boundObjectRef ?? null, expirationSeconds },
      status: { expirationTimestamp: isoSeconds(issued.expiration), token: issued.token },
    }
  }
}

function expirationErrors(seconds: number): FieldError[] {
  const field = 'spec.expirationSeconds'
  const refuse = (rule: string): FieldError[] => [
    { field, type: 'FieldValueInvalid', message: `Invalid value: ${seconds}: ${rule}` },
  ]
  if (seconds < expirationSecondsMin) return refuse('may not specify a duration less than 10 minutes')
  if (seconds > expirationSecondsMax) return refuse('may not specify a duration larger than 2^32 seconds')
  return []
}

async function resolveBound(
  accounts: Required<ServiceAccountLookups>,
  call: TokenRequestCall,
  ref: JsonObject,
): Promise<Bound> {
  const [kind, refName, refUid] = [textOf(ref.kind), textOf(ref.name), textOf(ref.uid)]
  const resource = Object.hasOwn(resources, kind) ? resources[kind] : undefined
  if (resource === undefined) {
    const { group, version } = parseApiVersion(textOf(ref.apiVersion))
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`)
  }
  const { bound, found } = await lookUp(accounts, call, { kind, name: refName })
  if (!found) throw notFound({ group: '', resource }, refName)
  if (refUid !== '' && refUid !== found.uid) {
    const text =
      `the UID in the bound object reference (${refUid}) does not match the UID in record. ` +
      'The object might have been deleted and then recreated'
    throw conflict({ group: '', resource: kind }, refName, text)
  }
  return bound
}

async function lookUp(
  accounts: Required<ServiceAccountLookups>,
  { cluster, namespace, name: account }: TokenRequestCall,
  { kind, name }: { kind: string; name: string },
): Promise<{ bound: Bound; found?: { uid: string } | undefined }> {
  if (kind === 'Secret') {
    const found = await accounts.secret(cluster, namespace, name)
    return { found, bound: found ? { secret: { name, uid: found.uid } } : {} }
  }
  if (kind === 'Node') {
    const found = await accounts.node(cluster, name)
    return { found, bound: found ? { node: { name, uid: found.uid } } : {} }
  }
  const found = await accounts.pod(cluster, namespace, name)
  if (!found) return { found, bound: {} }
  if (found.serviceAccountName !== account)
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    )
  const node = found.nodeName === '' ? undefined : await accounts.node(cluster, found.nodeName)
  const pod = { name, uid: found.uid }
  return { found, bound: node ? { pod, node: { name: found.nodeName, uid: node.uid } } : { pod } }
}

function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
