// Workspaces: who owns them, which type they get and may have, and what only the system may change about them.
import {
  ownerAnnotation,
  requiredGroupsAnnotation,
  workspaceClusterAnnotation,
  workspaceFinalizer,
  workspaceShardAnnotation,
} from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { UserInfo } from '../../api/user.ts'
import type { AdmissionRequest } from '../registry/resource.ts'
import { type AdmissionDeps, isResource, isSystem, type Plugin, refuse } from './plugin.ts'
import { keepFinalizer, protectAnnotations } from './protected-metadata.ts'
import { limitViolation } from './type-limits.ts'
import { createTypeLookup, findUpwards, parseQualifiedName } from './type-lookup.ts'
import {
  aliasesOf,
  type FindType,
  type FoundType,
  qualifiedName,
  TypeCycle,
  TypeMissing,
  type TypeReference,
} from './workspace-type-graph.ts'

interface Workspace extends KubeObject {
  spec?: { type?: TypeReference; cluster?: string; URL?: string }
}

const systemAnnotations = [
  ownerAnnotation,
  requiredGroupsAnnotation,
  workspaceClusterAnnotation,
  workspaceShardAnnotation,
]

export function workspacePlugin(deps: AdmissionDeps): Plugin {
  const find = createTypeLookup(deps)
  return {
    name: 'tenancy.kcp.io/Workspace',
    handles: isResource('tenancy.kcp.io', 'workspaces'),
    async mutate(request) {
      if (request.operation === 'CREATE') await prepareNew({ deps, find }, request)
      else if (request.operation === 'UPDATE' && !isSystem(request.context.user)) {
        keepFinalizer(request, workspaceFinalizer)
        protectAnnotations(request, systemAnnotations)
      }
    },
    async validate(request) {
      checkSystemFields(request)
      if (request.operation === 'CREATE') await checkType({ deps, find }, request)
    },
  }
}

interface Parts {
  readonly deps: AdmissionDeps
  readonly find: FindType
}

async function prepareNew({ deps, find }: Parts, request: AdmissionRequest): Promise<void> {
  const { cluster, user } = request.context
  const workspace = request.object as Workspace
  const parent = deps.index.logicalCluster(cluster)
  if (!isSystem(user)) {
    protectAnnotations(request, systemAnnotations.slice(2))
    setAnnotation(workspace, ownerAnnotation, ownerOf(user))
    setAnnotation(workspace, requiredGroupsAnnotation, parent?.requiredGroups || undefined)
  }
  workspace.spec ??= {}
  const given = workspace.spec.type
  // Go clients without a type send an empty one.
  const isGiven = Boolean(given?.name || given?.path)
  const reference = isGiven ? given : await defaultType({ deps, find }, request)
  if (reference === undefined) return
  const from = deps.index.canonicalPath(cluster)
  const found = reference.path ? await find(reference, from) : await findUpwards(find, reference.name, from)
  const path = reference.path || found?.path
  workspace.spec.type = { name: reference.name, ...(path ? { path } : {}) }
  if (found === undefined) return
  const extra = found.type.spec.additionalWorkspaceLabels
  if (extra) workspace.metadata.labels = { ...extra, ...workspace.metadata.labels }
}

/** What the type of the parent says its children are. */
async function defaultType({ deps, find }: Parts, { context }: AdmissionRequest): Promise<TypeReference | undefined> {
  const parent = parseQualifiedName(deps.index.logicalCluster(context.cluster)?.type ?? '')
  const type = parent && (await find(parent, ''))
  return type?.type.spec.defaultChildWorkspaceType
}

function setAnnotation({ metadata }: KubeObject, key: string, value: string | undefined): void {
  const { [key]: _, ...others } = metadata.annotations ?? {}
  metadata.annotations = value === undefined ? others : { ...others, [key]: value }
}

function ownerOf({ username, uid, groups, extra }: UserInfo): string {
  return JSON.stringify({
    username,
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
  })
}

function checkSystemFields(request: AdmissionRequest): void {
  const { operation, context } = request
  if (isSystem(context.user) || operation === 'DELETE') return
  const { spec } = request.object as Workspace
  const old = request.old as Workspace | undefined
  if (operation === 'CREATE') {
    if (spec?.cluster) throw refuse(request, 'spec.Cluster can only be set by system privileged users')
    if (spec?.URL) throw refuse(request, 'spec.URL can only be set by system privileged users')
    return
  }
  if ((spec?.cluster ?? '') !== (old?.spec?.cluster ?? '') && !old?.spec?.cluster) {
    throw refuse(request, 'spec.Cluster can only be set by system privileged users')
  }
  if (spec?.URL && spec.URL !== (old?.spec?.URL ?? '')) {
    throw refuse(request, 'spec.URL can only be changed by system privileged users')
  }
}

async function checkType({ deps, find }: Parts, request: AdmissionRequest): Promise<void> {
  const { cluster, user } = request.context
  const reference = (request.object as Workspace).spec?.type
  if (reference === undefined) throw refuse(request, 'spec.type must be set')
  if (!reference.path) throw refuse(request, `workspace type ${JSON.stringify(reference.name)} cannot be resolved`)
  const found = await find(reference, '')
  if (found === undefined) {
    const name = `${reference.path}:${reference.name}`
    throw refuse(request, `Internal error occurred: workspacetypes.tenancy.kcp.io ${JSON.stringify(name)} not found`)
  }
  const child = await aliasesOrRefuse(find, request, found)
  const parentReference = parseQualifiedName(deps.index.logicalCluster(cluster)?.type ?? '')
  const parentType = parentReference && (await find(parentReference, ''))
  const violation = parentType && limitViolation(child, await aliasesOrRefuse(find, request, parentType))
  if (violation !== undefined) throw refuse(request, violation)
  for (const alias of child) await checkUse(deps, request, alias, user)
}

async function aliasesOrRefuse(find: FindType, request: AdmissionRequest, start: FoundType): Promise<FoundType[]> {
  try {
    return await aliasesOf(find, start)
  } catch (error) {
    if (error instanceof TypeCycle) throw refuse(request, error.message)
    if (error instanceof TypeMissing) throw refuse(request, `Internal error occurred: ${error.message}`)
    throw error
  }
}

async function checkUse(
  deps: AdmissionDeps,
  request: AdmissionRequest,
  alias: FoundType,
  user: UserInfo,
): Promise<void> {
  const { name } = alias.type.metadata
  const question = {
    user,
    cluster: alias.cluster,
    verb: 'use',
    group: 'tenancy.kcp.io',
    resource: 'workspacetypes',
    name,
  }
  if (await deps.isAllowed(question)) return
  const text = `unable to use workspace type ${qualifiedName(alias)}: missing verb='use' permission on workspacetype`
  throw refuse(request, text)
}
