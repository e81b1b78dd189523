// How `kubectl ws` changes a kubeconfig: contexts workspace.kcp.io/current and …/previous. Pure: answers what to write.
import type { ClusterEntry, ContextEntry, Kubeconfig } from '../api-client/kubeconfig/kubeconfig.ts'
import { CommandError } from './command.ts'

/** Entries to set and the context to use then. */
export interface ContextChange {
  currentContext: string
  clusters: Record<string, ClusterEntry>
  contexts: Record<string, ContextEntry>
}

export const currentName = 'workspace.kcp.io/current'
export const previousName = 'workspace.kcp.io/previous'

interface Current {
  context: ContextEntry
  cluster: ClusterEntry
}

/** The context in use and its cluster; `contextName` overrides current-context. */
export function currentEntry(config: Kubeconfig, contextName?: string): Current {
  const name = contextName ?? config['current-context']
  if (name === '') {
    throw new CommandError(
      'the kubeconfig has no current-context; set KUBECONFIG, e.g. export KUBECONFIG=.kcp/admin.kubeconfig',
    )
  }
  const context = config.contexts.get(name)
  if (!context) throw new CommandError(`context "${name}" does not exist in the kubeconfig`)
  const cluster = config.clusters.get(context.cluster ?? '')
  if (!cluster)
    throw new CommandError(`cluster "${context.cluster}" of context "${name}" does not exist in the kubeconfig`)
  return { context, cluster }
}

/** Points the current context to another server; what was current becomes previous. */
export function switchServer(config: Kubeconfig, server: string, contextName?: string): ContextChange {
  const current = currentEntry(config, contextName)
  return changeTo({ context: current.context, cluster: { ...current.cluster, server } }, current)
}

/** `kubectl ws -`: current and previous change places. */
export function swapPrevious(config: Kubeconfig): ContextChange {
  const context = config.contexts.get(previousName)
  if (!context) throw new CommandError('no previous workspace found in kubeconfig')
  const cluster = config.clusters.get(context.cluster ?? '')
  if (!cluster) throw new CommandError(`cluster "${context.cluster}" not found in kubeconfig`)
  return changeTo({ context, cluster }, currentEntry(config))
}

/** `ws create-context`: keeps the workspace under a name of its own. */
export function createContext(config: Kubeconfig, name: string, overwrite: boolean): ContextChange {
  if (config.contexts.has(name) && !overwrite) {
    throw new CommandError(`context "${name}" already exists in kubeconfig, use --overwrite to update it`)
  }
  const { context, cluster } = currentEntry(config)
  return { currentContext: name, clusters: { [name]: cluster }, contexts: { [name]: { ...context, cluster: name } } }
}

function changeTo(next: Current, before: Current): ContextChange {
  const clusters: Record<string, ClusterEntry> = { [currentName]: next.cluster }
  let previousCluster = before.context.cluster ?? ''
  // The entry about to be overwritten is kept under the other name.
  if (previousCluster === currentName) {
    clusters[previousName] = before.cluster
    previousCluster = previousName
  }
  return {
    currentContext: currentName,
    clusters,
    contexts: {
      [currentName]: { ...next.context, cluster: currentName },
      [previousName]: { ...before.context, cluster: previousCluster },
    },
  }
}

/** The server URL a change leads to. */
export function serverOfChange(change: ContextChange): string {
  return change.clusters[currentName]?.server ?? ''
}
