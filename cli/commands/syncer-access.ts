// The identity of a syncer in kcp: ServiceAccount, ClusterRole and binding, all owned by the SyncTarget; answers its token.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { isNotFound, StatusError } from '../../api/status-error.ts'
import { type CommandContext, CommandError, type Connection } from '../command.ts'
import { clusterRoleBindings, clusterRoles, secrets, serviceAccounts } from '../resources.ts'
import { waitFor } from '../wait-for.ts'

export interface AccessScope {
  workspace: string
  syncTarget: KubeObject
  /** Name of all objects. */
  id: string
  namespace: string
}

const tokenTimeoutMs = 20_000

export async function ensureSyncerAccess(
  context: CommandContext,
  connection: Connection,
  scope: AccessScope,
): Promise<string> {
  await ensureServiceAccount(context, connection, scope)
  await ensureClusterRole(context, connection, scope)
  await ensureBinding(context, connection, scope)
  return readToken(context, connection, scope)
}

function ownerReferences({ syncTarget }: AccessScope) {
  const { name, uid = '' } = syncTarget.metadata
  return [{ apiVersion: 'workload.kcp.io/v1alpha1', kind: 'SyncTarget', name, uid }]
}

async function find(connection: Connection, scope: AccessScope, gvr: GroupVersionResource, namespace?: string) {
  try {
    const target = namespace === undefined ? { name: scope.id } : { name: scope.id, namespace }
    return await connection.client.cluster(scope.workspace).get(gvr, target)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function ensureServiceAccount(
  context: CommandContext,
  connection: Connection,
  scope: AccessScope,
): Promise<void> {
  const client = connection.client.cluster(scope.workspace)
  const { id, namespace } = scope
  const existing = await find(connection, scope, serviceAccounts, namespace)
  if (existing) {
    context.err(`Updating service account "${id}".\n`)
    const { uid, resourceVersion } = existing.metadata
    const body = { metadata: { uid, resourceVersion, ownerReferences: ownerReferences(scope) } }
    await client.patch(serviceAccounts, { name: id, namespace }, { type: 'merge', body })
    return
  }
  context.err(`Creating service account "${id}"\n`)
  try {
    await client.create(serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: id, namespace, ownerReferences: ownerReferences(scope) },
    })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    throw new CommandError(
      `failed to create ServiceAccount ${scope.syncTarget.metadata.name}|${namespace}/${id}: ${error.message}`,
    )
  }
}

/** What a syncer may do in the workspace of its SyncTarget. Pure. */
export function syncerRules(syncTarget: string) {
  const own = { apiGroups: ['workload.kcp.io'], resourceNames: [syncTarget] }
  return [
    { ...own, resources: ['synctargets'], verbs: ['sync'] },
    { ...own, resources: ['synctargets/tunnel'], verbs: ['get'] },
    { ...own, resources: ['synctargets'], verbs: ['get', 'list', 'watch'] },
    { ...own, resources: ['synctargets/status'], verbs: ['update', 'patch'] },
    {
      apiGroups: ['apiresource.kcp.io'],
      resources: ['apiresourceimports'],
      verbs: ['get', 'create', 'update', 'delete', 'list', 'watch'],
    },
  ]
}

async function ensureClusterRole(context: CommandContext, connection: Connection, scope: AccessScope): Promise<void> {
  const client = connection.client.cluster(scope.workspace)
  const { id } = scope
  const rules = syncerRules(scope.syncTarget.metadata.name)
  const existing = await find(connection, scope, clusterRoles)
  const lines = ` 1. write and sync access to the synctarget "${id}"\n 2. write access to apiresourceimports.\n\n`
  if (existing) {
    context.err(`Updating cluster role "${id}" with\n\n${lines}`)
    const { uid, resourceVersion } = existing.metadata
    const body = { metadata: { uid, resourceVersion, ownerReferences: ownerReferences(scope) }, rules }
    await client.patch(clusterRoles, { name: id }, { type: 'merge', body })
    return
  }
  context.err(`Creating cluster role "${id}" to give service account "${id}"\n\n${lines}`)
  await client.create(clusterRoles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: id, ownerReferences: ownerReferences(scope) },
    rules,
  })
}

async function ensureBinding(context: CommandContext, connection: Connection, scope: AccessScope): Promise<void> {
  const client = connection.client.cluster(scope.workspace)
  const { id, namespace } = scope
  if (await find(connection, scope, clusterRoleBindings)) await client.delete(clusterRoleBindings, { name: id })
  context.err(
    `Creating or updating cluster role binding "${id}" to bind service account "${id}" to cluster role "${id}".\n`,
  )
  await client.create(clusterRoleBindings, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: id, ownerReferences: ownerReferences(scope) },
    subjects: [{ kind: 'ServiceAccount', name: id, namespace }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: id },
  })
}

async function readToken(context: CommandContext, connection: Connection, scope: AccessScope): Promise<string> {
  const client = connection.client.cluster(scope.workspace)
  const { id, namespace } = scope
  const secretName = (account: KubeObject | undefined) =>
    (account?.secrets as { name: string }[] | undefined)?.[0]?.name
  const { object, done } = await waitFor({
    client,
    gvr: serviceAccounts,
    name: id,
    namespace,
    timeoutMs: tokenTimeoutMs,
    signal: context.signal,
    until: account => secretName(account) !== undefined,
    progress: () => context.err(`Still waiting: ServiceAccount "${id}" has no token yet\n`),
  })
  if (!done)
    throw new CommandError(`timed out waiting for token secret name to be set on ServiceAccount ${namespace}/${id}`)
  const secret = secretName(object) ?? ''
  const token = ((await client.get(secrets, { name: secret, namespace })).data as Record<string, string> | undefined)
    ?.token
  if (!token) throw new CommandError(`token secret ${namespace}/${secret} is missing a value for \`token\``)
  return Buffer.from(token, 'base64').toString('utf8')
}
