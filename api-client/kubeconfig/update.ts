// Changes kubeconfig files as kubectl does: an entry is written where it came from, a new one and the current context
// to the default file. What is not changed stays as it was, unknown members included; comments of YAML are lost.
import { mkdir } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import {
  type ClusterEntry,
  type ContextEntry,
  type EntryList,
  entryMembers,
  pathMembers,
  type UserEntry,
} from './kubeconfig.ts'
import { type KubeconfigText, readKubeconfigFile, writeKubeconfigFile } from './kubeconfig-file.ts'
import type { LoadedKubeconfig } from './load.ts'

/** Entries by name; undefined removes one. */
export interface KubeconfigChange {
  readonly currentContext?: string
  readonly clusters?: Readonly<Record<string, ClusterEntry | undefined>>
  readonly contexts?: Readonly<Record<string, ContextEntry | undefined>>
  readonly users?: Readonly<Record<string, UserEntry | undefined>>
}

export async function updateKubeconfig(loaded: LoadedKubeconfig, change: KubeconfigChange): Promise<void> {
  const files = new Map<string, KubeconfigText>()
  const open = async (path: string): Promise<KubeconfigText> => {
    const file = files.get(path) ?? (await readKubeconfigFile(path)) ?? newFile()
    files.set(path, file)
    return file
  }
  for (const list of ['clusters', 'contexts', 'users'] as const) {
    for (const [name, entry] of Object.entries(change[list] ?? {})) {
      const path = loaded.origins.get(`${list}/${name}`) ?? loaded.defaultPath
      setEntry((await open(path)).content, { list, name, path, entry })
    }
  }
  if (change.currentContext !== undefined) {
    const file = await open(loaded.defaultPath)
    file.content['current-context'] = change.currentContext
  }
  for (const [path, file] of files) {
    await mkdir(dirname(path), { recursive: true })
    await writeKubeconfigFile(path, file)
  }
}

function newFile(): KubeconfigText {
  const content = { apiVersion: 'v1', kind: 'Config', clusters: [], contexts: [], users: [], preferences: {} }
  return { content, isJson: false }
}

interface EntryChange {
  readonly list: EntryList
  readonly name: string
  readonly path: string
  readonly entry: Record<string, unknown> | undefined
}

function setEntry(content: JsonObject, change: EntryChange): void {
  const items: JsonValue[] = Array.isArray(content[change.list]) ? [...(content[change.list] as JsonValue[])] : []
  const at = items.findIndex(item => isJsonObject(item) && item.name === change.name)
  if (change.entry === undefined) {
    if (at >= 0) items.splice(at, 1)
  } else {
    const entry = withRelativePaths(change, change.entry) as JsonObject
    const before = items[at]
    const item = { ...(isJsonObject(before) ? before : {}), name: change.name, [entryMembers[change.list]]: entry }
    if (at >= 0) items[at] = item
    else items.push(item)
  }
  content[change.list] = items
}

/** Paths of files beside or below the kubeconfig are written relative to it, so that the folder can be moved. */
function withRelativePaths(change: EntryChange, entry: Record<string, unknown>): Record<string, unknown> {
  const written = { ...entry }
  for (const member of pathMembers[change.list]) {
    const path = entry[member]
    if (typeof path !== 'string' || path === '') continue
    const near = relative(dirname(change.path), path)
    if (!near.startsWith('..')) written[member] = near
  }
  return written
}
