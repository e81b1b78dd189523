// What events have told about Workspaces in the making: the object of the last one spares a read, and the event of a
// write after which nothing was left to do spares a look. Workspaces that are Ready have no entry.
import type { Workspace } from './workspace.ts'

export interface News {
  changed(key: string, workspace: Workspace): void
  /** Something else changed: the next look must read, whatever is told of the workspace. */
  look(key: string): void
  /** Nothing was left to do for this version. */
  settled(key: string, workspace: Workspace): void
  forget(key: string): void
  /** The workspace as it was told last; undefined: it must be read. */
  take(key: string): Workspace | 'nothing' | undefined
}

/** What is told of more workspaces at a time is forgotten, and they are read. */
const keptMax = 10_000

export function createNews(): News {
  const told = new Map<string, Workspace | 'read'>()
  const done = new Map<string, string>()
  return {
    changed(key, workspace) {
      if (told.size >= keptMax) told.clear()
      if (told.get(key) !== 'read') told.set(key, workspace)
    },
    look: key => void told.set(key, 'read'),
    settled(key, { metadata, status }) {
      if (done.size >= keptMax) done.clear()
      if (status?.phase !== 'Ready') done.set(key, metadata.resourceVersion ?? '')
    },
    forget(key) {
      told.delete(key)
      done.delete(key)
    },
    take(key) {
      const news = told.get(key)
      told.delete(key)
      if (news === undefined || news === 'read') return undefined
      return isNotNewer(news, done.get(key)) ? 'nothing' : news
    },
  }
}

function isNotNewer({ metadata }: Workspace, version: string | undefined): boolean {
  return version !== undefined && Number(metadata.resourceVersion) <= Number(version)
}
