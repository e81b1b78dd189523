// Labels every object with the accepted claims on its kind: the owners of those exports see what carries their label.
import {
  claimLabelKey,
  claimLabelValue,
  ownExportClaimLabelValue,
  type PermissionClaim,
} from '../../api/names/derived-names.ts'
import { claimLabelPrefix, exportLabel } from '../../api/names/kcp-keys.ts'
import type { AdmissionRequest } from '../registry/resource.ts'
import type { Plugin } from './plugin.ts'

export interface AcceptedClaim {
  readonly exportCluster: string
  readonly exportName: string
  readonly claim: PermissionClaim
}

export type ClaimsOf = (cluster: string) => readonly AcceptedClaim[]

export function permissionClaimsPlugin(claimsOf: ClaimsOf): Plugin {
  return {
    name: 'apis.kcp.io/PermissionClaims',
    handles: ({ operation, subresource, type, object, context }) =>
      operation !== 'DELETE' &&
      subresource === '' &&
      (claimsOf(context.cluster).some(({ claim }) => isOn(claim, type)) || hasClaimLabel(object?.metadata.labels)),
    mutate(request) {
      const { object, context, type } = request
      if (object === undefined) return
      const labels = { ...ownLabel(request) }
      for (const { exportCluster, exportName, claim } of claimsOf(context.cluster)) {
        if (isOn(claim, type)) labels[claimLabelKey(exportCluster, exportName)] = claimLabelValue(claim)
      }
      const others = Object.entries(object.metadata.labels ?? {}).filter(([key]) => !key.startsWith(claimLabelPrefix))
      const next = { ...Object.fromEntries(others), ...labels }
      if (Object.keys(next).length > 0 || object.metadata.labels) object.metadata.labels = next
    },
  }
}

function hasClaimLabel(labels: Record<string, string> | undefined): boolean {
  for (const key in labels) if (key.startsWith(claimLabelPrefix)) return true
  return false
}

function isOn(claim: PermissionClaim, type: AdmissionRequest['type']): boolean {
  const identity = claim.identityHash ?? ''
  return (claim.group ?? '') === type.group && claim.resource === type.resource && identity === type.identityHash
}

/** The owner of an export always sees the bindings to it. */
function ownLabel({ type, object }: AdmissionRequest): Record<string, string> {
  const hash = object?.metadata.labels?.[exportLabel]
  if (type.resource !== 'apibindings' || type.group !== 'apis.kcp.io' || hash === undefined) return {}
  return { [claimLabelPrefix + hash]: ownExportClaimLabelValue }
}
