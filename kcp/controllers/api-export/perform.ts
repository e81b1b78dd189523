// Reads and writes identities of APIExports.
import { createHash } from 'node:crypto'
import type { KubeObject } from '../../../api/objects.ts'
import { isAlreadyExists, notFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { clusterOf, getOrUndefined, patchRead } from '../loop.ts'
import { apiExports, namespaces, secrets } from '../resources.ts'
import type { ApiExport, Identity } from './decide.ts'

export const identityNamespace = 'kcp-system'

interface Secret extends KubeObject {
  data?: Record<string, string>
}

export function identityHashOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex')
}

/** 32 random bytes as base64url, which is the key itself. */
export function identityKey(randomBytes: Uint8Array): string {
  return Buffer.from(randomBytes).toString('base64url')
}

export async function readIdentity(client: Client, apiExport: ApiExport): Promise<Identity | undefined> {
  const reference = apiExport.spec.identity?.secretRef
  if (reference === undefined) return undefined
  const secret = await getOrUndefined<Secret>(client, secrets, { ...reference, cluster: clusterOf(apiExport) })
  if (secret === undefined) return { problem: notFound(secrets, reference.name).message }
  const key = secret.data?.key
  if (key === undefined || key === '')
    return { problem: `secret "${reference.namespace}/${reference.name}" is missing data.key` }
  return { hash: identityHashOf(Buffer.from(key, 'base64')) }
}

export async function createIdentity(client: Client, apiExport: ApiExport, randomBytes: Uint8Array): Promise<void> {
  const { name } = apiExport.metadata
  const local = client.cluster(clusterOf(apiExport))
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: identityNamespace } }
  await unlessExists(local.create(namespaces, namespace))
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: identityNamespace },
    data: { key: Buffer.from(identityKey(randomBytes)).toString('base64') },
  }
  await unlessExists(local.create(secrets, secret))
  const body = { spec: { identity: { secretRef: { name, namespace: identityNamespace } } } }
  await patchRead(client, apiExports, { object: apiExport, body })
}

async function unlessExists(creation: Promise<unknown>): Promise<void> {
  try {
    await creation
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}
