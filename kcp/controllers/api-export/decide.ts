// What an APIExport needs next: a secret with its identity, the hash of it, and the URL of its virtual workspace.
import { type ConditionState, falseCondition, setCondition, trueCondition } from '../../../api/conditions.ts'
import type { Condition, KubeObject } from '../../../api/objects.ts'

export interface ApiExport extends KubeObject {
  spec: {
    identity?: { secretRef?: { namespace: string; name: string } }
    latestResourceSchemas?: string[]
    permissionClaims?: Record<string, unknown>[]
    maximalPermissionPolicy?: Record<string, unknown>
  }
  status?: ApiExportStatus
}

export interface ApiExportStatus {
  identityHash?: string
  conditions?: Condition[]
  virtualWorkspaces?: { url: string }[]
}

/** The identity as its secret has it: its hash, or why there is none. */
export type Identity = { hash: string } | { problem: string }

export type Decision =
  | { type: 'create-identity' }
  | { type: 'write-status'; status: ApiExportStatus }
  | { type: 'nothing' }

export interface Observed {
  readonly apiExport: ApiExport
  /** Of the secret that spec names; undefined while spec names none. */
  readonly identity: Identity | undefined
  readonly virtualWorkspaceUrls: readonly string[]
  readonly now: Date
}

export function decide({ apiExport, identity, virtualWorkspaceUrls, now }: Observed): Decision {
  if (identity === undefined) return { type: 'create-identity' }
  const old = apiExport.status ?? {}
  const { hash, condition } = verify(old.identityHash ?? '', identity)
  const conditions = setCondition(
    setCondition(old.conditions, condition, now),
    trueCondition('VirtualWorkspaceURLsReady'),
    now,
  )
  const urls = virtualWorkspaceUrls.map(url => ({ url }))
  const unchanged =
    conditions === old.conditions &&
    hash === (old.identityHash ?? '') &&
    JSON.stringify(urls) === JSON.stringify(old.virtualWorkspaces ?? [])
  if (unchanged) return { type: 'nothing' }
  const status = { ...(hash === '' ? {} : { identityHash: hash }), conditions, virtualWorkspaces: urls }
  return { type: 'write-status', status }
}

/** A hash once published stays: bindings and stored objects hang on it. */
function verify(published: string, identity: Identity): { hash: string; condition: ConditionState } {
  const failed = (message: string) =>
    falseCondition('IdentityValid', { reason: 'IdentityVerificationFailed', severity: 'Error', message })
  if ('problem' in identity) return { hash: published, condition: failed(identity.problem) }
  if (published !== '' && published !== identity.hash) {
    const message = `hash mismatch: identity secret hash "${identity.hash}" must match status.identityHash "${published}"`
    return { hash: published, condition: failed(message) }
  }
  return { hash: identity.hash, condition: trueCondition('IdentityValid') }
}
