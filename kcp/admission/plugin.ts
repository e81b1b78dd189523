// What a plugin is and what all of them are given. Each file beside is one plugin; chain.ts holds their order.
import type { KubeObject } from '../../api/objects.ts'
import { forbidden, type StatusError } from '../../api/status-error.ts'
import type { UserInfo } from '../../api/user.ts'
import type { AdmissionRequest } from '../registry/resource.ts'

export interface Plugin {
  readonly name: string
  readonly handles: (request: AdmissionRequest) => boolean
  /** May change request.object. */
  readonly mutate?: (request: AdmissionRequest) => Promise<void> | void
  /** Throws StatusError to refuse. */
  readonly validate?: (request: AdmissionRequest) => Promise<void> | void
}

/** A question to RBAC of one logical cluster, whether or not the user may enter it. */
export interface AccessQuestion {
  readonly user: UserInfo
  readonly cluster: string
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly name: string
}

export interface ClusterFacts {
  readonly path: string
  readonly type: string
  readonly phase: string
  readonly deleting: boolean
  readonly requiredGroups: string
}

export interface AdmissionDeps {
  readonly index: {
    resolve(path: string): string | undefined
    logicalCluster(name: string): ClusterFacts | undefined
    canonicalPath(name: string): string
    whenCurrent(): Promise<void>
  }
  /** Reads one object as it is now; undefined when there is none. */
  readonly read: (
    cluster: string,
    gvr: { group: string; version: string; resource: string },
    name: string,
  ) => Promise<KubeObject | undefined>
  readonly isAllowed: (question: AccessQuestion) => Promise<boolean>
  /** Asked at every create in a namespace. */
  readonly namespaceState: (cluster: string, namespace: string) => Promise<'missing' | 'active' | 'terminating'>
}

export function isResource(group: string, resource: string) {
  return ({ type }: AdmissionRequest): boolean => type.group === group && type.resource === resource
}

/** Members of system:masters are the server itself and its operators. */
export function isSystem({ groups }: UserInfo): boolean {
  return groups.includes('system:masters')
}

export function refuse(request: AdmissionRequest, text: string): StatusError {
  return forbidden(request.type, request.object?.metadata.name ?? request.name, text)
}

/** An admission finding on a field, as Go prints field errors. */
export function invalidText(field: string, value: unknown, text: string): string {
  return `${field}: Invalid value: ${JSON.stringify(value)}: ${text}`
}

export function requiredText(field: string, text = ''): string {
  return text === '' ? `${field}: Required value` : `${field}: Required value: ${text}`
}

export function aggregate(texts: readonly string[]): string {
  return `[${texts.join(', ')}]`
}
