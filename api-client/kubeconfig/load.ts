// Finds, reads and merges kubeconfig files the way kubectl does: the first file that names an entry wins.
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { isJsonObject } from '../../api/json.ts'
import { type EntryList, entryMembers, type Kubeconfig, pathMembers } from './kubeconfig.ts'
import { type KubeconfigText, readKubeconfigFile } from './kubeconfig-file.ts'

export interface KubeconfigSources {
  /** --kubeconfig: this file alone, and it must exist. */
  readonly explicitPath?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
}

export interface LoadedKubeconfig extends Kubeconfig {
  /** Where entries came from: `clusters/<name>` → path. */
  readonly origins: ReadonlyMap<string, string>
  /** Where new entries and the current context are written. */
  readonly defaultPath: string
}

export function kubeconfigPaths(sources: KubeconfigSources): string[] {
  if (sources.explicitPath) return [sources.explicitPath]
  const listed = (sources.env.KUBECONFIG ?? '')
    .split(process.platform === 'win32' ? ';' : ':')
    .filter(path => path !== '')
  return listed.length > 0 ? [...new Set(listed)] : [join(sources.homeDirectory, '.kube', 'config')]
}

export async function loadKubeconfig(sources: KubeconfigSources): Promise<LoadedKubeconfig> {
  const paths = kubeconfigPaths(sources).map(path => resolve(path))
  const merged = emptyKubeconfig()
  const origins = new Map<string, string>()
  let defaultPath: string | undefined
  for (const path of paths) {
    const file = await readKubeconfigFile(path)
    if (!file && sources.explicitPath) throw new Error(`stat ${sources.explicitPath}: no such file or directory`)
    if (!file) continue
    defaultPath ??= path
    mergeFile(merged, { path, file, origins })
  }
  return { ...merged, origins, defaultPath: defaultPath ?? paths.at(-1) ?? '' }
}

/** A kubeconfig held as text, e.g. of a Secret; relative paths in it stay as they are. */
export function kubeconfigOf(file: KubeconfigText, path = '/'): Kubeconfig {
  const config = emptyKubeconfig()
  mergeFile(config, { path, file, origins: new Map() })
  return config
}

function emptyKubeconfig(): Kubeconfig {
  return { 'current-context': '', clusters: new Map(), contexts: new Map(), users: new Map() }
}

function mergeFile(
  merged: Kubeconfig,
  from: { path: string; file: KubeconfigText; origins: Map<string, string> },
): void {
  const { content } = from.file
  const current = content['current-context']
  if (merged['current-context'] === '' && typeof current === 'string') merged['current-context'] = current
  for (const list of ['clusters', 'contexts', 'users'] as const) {
    const items = content[list]
    if (!Array.isArray(items)) continue
    for (const item of items) {
      if (!isJsonObject(item) || typeof item.name !== 'string' || merged[list].has(item.name)) continue
      const entry = item[entryMembers[list]]
      merged[list].set(item.name, withAbsolutePaths(list, isJsonObject(entry) ? entry : {}, from.path))
      from.origins.set(`${list}/${item.name}`, from.path)
    }
  }
}

function withAbsolutePaths(list: EntryList, entry: Record<string, unknown>, file: string): Record<string, unknown> {
  const absolute = { ...entry }
  for (const member of pathMembers[list]) {
    const path = entry[member]
    if (typeof path === 'string' && path !== '' && !isAbsolute(path)) absolute[member] = join(dirname(file), path)
  }
  return absolute
}
