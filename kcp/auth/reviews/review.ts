// What all reviews share: objects that are posted, answered and never stored.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { UserInfo } from '../../../api/user.ts'

export interface ReviewRequest {
  readonly user: UserInfo
  readonly cluster: string
  /** '' for cluster-scoped reviews. */
  readonly namespace: string
  readonly body: KubeObject
}

/** Answers with the posted object and its status. Throws StatusError 422. */
export type Review = (request: ReviewRequest) => Promise<KubeObject>

export function answer(body: KubeObject, status: JsonObject): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = body
  const { creationTimestamp = null, ...given } = metadata ?? {}
  return { apiVersion, kind, metadata: { ...given, creationTimestamp }, ...rest, status } as KubeObject
}

export function specOf(body: KubeObject): JsonObject {
  return isJsonObject(body.spec) ? body.spec : {}
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

/** UserInfo as the authentication API prints it. */
export function userStatus({ username, uid, groups, extra }: UserInfo): JsonObject {
  return {
    username,
    ...(uid === undefined || uid === '' ? {} : { uid }),
    groups: [...groups],
    ...(extra ? { extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])) } : {}),
  }
}
