// Which permission claims of an APIExport a workspace has not answered yet. Pure.
import type { KubeObject } from '../../api/objects.ts'

interface Claim {
  group?: string
  resource: string
  identityHash?: string
  state?: string
}

/** One warning per claim that is exported but not specified, or specified but neither accepted nor rejected. */
export function unacceptedClaims(bindings: readonly KubeObject[]): string[] {
  return bindings.flatMap(binding => {
    const exported = (binding.status as { exportPermissionClaims?: Claim[] } | undefined)?.exportPermissionClaims ?? []
    const specified = (binding.spec as { permissionClaims?: Claim[] } | undefined)?.permissionClaims ?? []
    return exported.flatMap(claim => {
      const answer = specified.find(s => sameClaim(s, claim))
      const name = claimName(claim)
      if (!answer) {
        return `Warning: claim for ${name} exported but not specified on APIBinding ${binding.metadata.name}\nAdd this claim to the APIBinding's Spec.\n`
      }
      if (answer.state === 'Accepted' || answer.state === 'Rejected') return []
      return `Warning: claim for ${name} specified on APIBinding ${binding.metadata.name} but not accepted or rejected.\n`
    })
  })
}

function sameClaim(a: Claim, b: Claim): boolean {
  return (
    a.resource === b.resource &&
    (a.group ?? '') === (b.group ?? '') &&
    (a.identityHash ?? '') === (b.identityHash ?? '')
  )
}

function claimName({ group, resource, identityHash }: Claim): string {
  return [resource, group ? `.${group}` : '', identityHash ? `:${identityHash}` : ''].join('')
}
