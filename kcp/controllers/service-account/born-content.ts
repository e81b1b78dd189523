// What the controllers of this folder make in a new namespace, as it is when they are done.
import type { NewObject } from '../own-writes.ts'
import { configMaps, secrets, serviceAccounts } from '../resources.ts'
import type { ServiceAccountDeps } from './controller.ts'
import { rootCaConfigMap, tokenSecretName, tokenSecretOf } from './decide.ts'

export interface NewNamespace {
  readonly cluster: string
  readonly namespace: string
  /** For its account `default`. */
  readonly uid: string
}

export async function namespaceContent(
  deps: Pick<ServiceAccountDeps, 'certificateAuthority' | 'issueToken'>,
  { cluster, namespace, uid }: NewNamespace,
): Promise<NewObject[]> {
  const { certificateAuthority } = deps
  const name = 'default'
  const secretName = tokenSecretName(name, uid, 0)
  const token = await deps.issueToken({ cluster, namespace, name, uid }, secretName)
  const metadata = { name, namespace, uid }
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata, secrets: [{ name: secretName }] }
  const secret = tokenSecretOf({ name, uid }, secretName, { token, certificateAuthority, namespace })
  return [
    { gvr: serviceAccounts, object: account },
    { gvr: configMaps, object: rootCaConfigMap(namespace, certificateAuthority), shape: 'born' },
    { gvr: secrets, object: secret, shape: 'born' },
  ]
}
