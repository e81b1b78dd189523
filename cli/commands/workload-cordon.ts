// `kubectl kcp workload cordon|uncordon|drain NAME`: steers whether a SyncTarget gets workloads.
import type { KubeObject } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import { type CommandContext, CommandError, currentWorkspace } from '../command.ts'
import { syncTargets } from '../resources.ts'

export type CordonAction = 'cordon' | 'uncordon' | 'drain'

interface Operation {
  op: 'replace' | 'remove'
  path: string
  value?: unknown
}

export async function cordonWorkload(context: CommandContext, name: string, action: CordonAction): Promise<void> {
  await using connection = await context.connect()
  const client = connection.client.cluster(currentWorkspace(connection))
  let syncTarget: KubeObject
  try {
    syncTarget = await client.get(syncTargets, { name })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    throw new CommandError(
      `failed to get ${action === 'drain' ? 'synctarget' : 'SyncTarget'} ${name}: ${error.message}`,
    )
  }
  const { patch, word } = planCordon(action, syncTarget.spec as CordonSpec | undefined, context.now())
  if (patch.length > 0) await client.patch(syncTargets, { name }, { type: 'json', body: patch })
  context.out(`${name} ${word}\n`)
}

export interface CordonSpec {
  unschedulable?: boolean
  evictAfter?: string
}

/** The patch for an action, empty when there is nothing to do, and the word that says what happened. Pure. */
export function planCordon(
  action: CordonAction,
  spec: CordonSpec = {},
  now: Date,
): { patch: Operation[]; word: string } {
  const unschedulable = (value: boolean): Operation => ({ op: 'replace', path: '/spec/unschedulable', value })
  switch (action) {
    case 'cordon':
      if (spec.unschedulable) return { patch: [], word: 'already cordoned' }
      return { patch: [unschedulable(true)], word: 'cordoned' }
    case 'uncordon': {
      if (!spec.unschedulable && spec.evictAfter === undefined) return { patch: [], word: 'already uncordoned' }
      const remove: Operation[] = spec.evictAfter === undefined ? [] : [{ op: 'remove', path: '/spec/evictAfter' }]
      return { patch: [unschedulable(false), ...remove], word: 'uncordoned' }
    }
    case 'drain': {
      if (spec.unschedulable && spec.evictAfter !== undefined) return { patch: [], word: 'already draining' }
      const at = now.toISOString().replace(/\.\d+Z$/, 'Z')
      return { patch: [unschedulable(true), { op: 'replace', path: '/spec/evictAfter', value: at }], word: 'draining' }
    }
  }
}
