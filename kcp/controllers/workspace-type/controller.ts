// Publishes on each WorkspaceType where programs that initialize its workspaces find them.
import { setCondition, setSummary, trueCondition } from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import { type Condition, formatKey, type KubeObject } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { clusterOf, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { withIdentity, workspaceTypes } from '../resources.ts'

export interface WorkspaceTypeDeps extends LoopDeps {
  readonly now: () => Date
  readonly virtualWorkspaceBases: () => readonly string[]
  readonly identities: Readonly<Record<string, string>>
}

interface Status {
  conditions?: Condition[]
  virtualWorkspaces?: { url: string }[]
}

export function startWorkspaceTypeController(deps: WorkspaceTypeDeps): Loop {
  const types = deps.informers.objectsOf(withIdentity(workspaceTypes, deps.identities['tenancy.kcp.io'] ?? ''))
  const loop = startLoop(deps, {
    name: 'kcp-workspacetype',
    reconcile: async key => {
      const type = types.get(key)
      if (type === undefined || type.metadata.deletionTimestamp) return
      const status = statusOf(type, deps.virtualWorkspaceBases(), deps.now())
      if (equalJson(status, type.status ?? {})) return
      try {
        await patchRead(deps.client, workspaceTypes, { object: type, body: { status }, subresource: 'status' })
      } catch (error) {
        // The event of what changed it brings the key back.
        if (!isConflict(error) && !isNotFound(error)) throw error
      }
    },
  })
  types.onChange(key => loop.add(formatKey(key)))
  return loop
}

function statusOf(type: KubeObject, bases: readonly string[], now: Date): Status {
  const old = (type.status ?? {}) as Status
  const path = `/services/initializingworkspaces/${clusterOf(type)}:${type.metadata.name}`
  const conditions = setCondition(old.conditions, trueCondition('VirtualWorkspaceURLsReady'), now)
  return {
    ...old,
    virtualWorkspaces: bases.map(url => ({ url: url + path })),
    conditions: setSummary(conditions, { now }),
  }
}
