// Namespaces downstream as objects: what is kept of one, and how it is made, labelled and asked for.
import { downstreamKeyLabel, namespaceLocatorAnnotation, tenantIdLabel } from '../../api/names/kcp-keys.ts'
import { formatNamespaceLocator, type NamespaceLocator, tenantId } from '../../api/names/namespace-locator.ts'
import type { KubeObject } from '../../api/objects.ts'
import { isAlreadyExists, isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { Log } from '../../api-client/log.ts'
import { namespacesGvr, type SyncTargetIdentity } from '../identity.ts'
import { type NamespaceRecord, readLocator } from './decide.ts'

export interface NamespaceAccess {
  readonly client: Client
  readonly syncTarget: SyncTargetIdentity
  readonly log: Log
}

export function recordOf({ metadata }: KubeObject, syncTargetKey: string): NamespaceRecord {
  const { labels = {} } = metadata
  const located = readLocator(metadata.annotations?.[namespaceLocatorAnnotation])
  const tenant = located.type === 'locator' ? tenantId(located.locator) : undefined
  return {
    name: metadata.name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    located,
    isLabelled: labels[downstreamKeyLabel] === syncTargetKey && labels[tenantIdLabel] === tenant,
    isTerminating: metadata.deletionTimestamp !== undefined,
  }
}

export async function createOrGet(
  { client, syncTarget, log }: NamespaceAccess,
  of: { name: string; locator: NamespaceLocator },
): Promise<NamespaceRecord> {
  const { name, locator } = of
  const metadata = {
    name,
    labels: { [downstreamKeyLabel]: syncTarget.key, [tenantIdLabel]: tenantId(locator) },
    annotations: { [namespaceLocatorAnnotation]: formatNamespaceLocator(locator) },
  }
  try {
    const created = await client.create(namespacesGvr, { apiVersion: 'v1', kind: 'Namespace', metadata })
    const fields = { workspace: locator.cluster, namespace: locator.namespace, 'downstream.namespace': name }
    log.info(fields, 'Created downstream namespace for upstream namespace')
    return recordOf(created, syncTarget.key)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return recordOf(await client.get(namespacesGvr, { name }), syncTarget.key)
  }
}

export async function getNamespace(
  { client, syncTarget }: NamespaceAccess,
  name: string,
): Promise<NamespaceRecord | undefined> {
  try {
    return recordOf(await client.get(namespacesGvr, { name }), syncTarget.key)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export async function label(
  { client, syncTarget }: NamespaceAccess,
  of: { name: string; uid: string; tenantId: string },
): Promise<NamespaceRecord> {
  const labels = { [downstreamKeyLabel]: syncTarget.key, [tenantIdLabel]: of.tenantId }
  const body = { metadata: { uid: of.uid, labels } }
  return recordOf(await client.patch(namespacesGvr, { name: of.name }, { type: 'merge', body }), syncTarget.key)
}
