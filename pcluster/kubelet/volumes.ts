// Volumes of a pod that runs as a process: folders below its own, filled from Secrets, ConfigMaps, tokens and the downward API.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { KeyPath, Pod, ProjectedSource, Volume } from '../workloads.ts'
import { fieldOf, MissingReference } from './pod-environment.ts'

export interface VolumeSources {
  /** Decoded bytes by key; undefined when there is no such object. */
  secret(name: string): Promise<Record<string, Uint8Array> | undefined>
  configMap(name: string): Promise<Record<string, Uint8Array> | undefined>
  /** A token of the pod's ServiceAccount, bound to the pod. */
  token(request: { audience?: string; expirationSeconds: number }): Promise<{ token: string; expiresAt: Date }>
}

export interface Filled {
  /** When the earliest token must be renewed; undefined without tokens. */
  renewAt: Date | undefined
}

const tokenSecondsDefault = 3_607
/** Renewed after 80 % of its life, as kubelets do. */
const renewPart = 0.8

/** Writes every volume below the folder. Throws MissingReference when something is not there yet. */
export async function fillVolumes(
  pod: Pod,
  folder: string,
  sources: VolumeSources & { now: () => Date },
): Promise<Filled> {
  let renewAt: Date | undefined
  for (const volume of pod.spec.volumes ?? []) {
    const target = join(folder, volume.name)
    await mkdir(target, { recursive: true, mode: 0o700 })
    const { files, expiresAt } = await filesOf(pod, volume, sources)
    for (const [path, bytes] of Object.entries(files)) await writeInside(target, path, bytes)
    if (!expiresAt) continue
    const now = sources.now().getTime()
    const at = new Date(now + (expiresAt.getTime() - now) * renewPart)
    if (!renewAt || at < renewAt) renewAt = at
  }
  return { renewAt }
}

interface Files {
  files: Record<string, Uint8Array | string>
  expiresAt?: Date | undefined
}

async function filesOf(pod: Pod, volume: Volume, sources: VolumeSources): Promise<Files> {
  const { secret, configMap, projected } = volume
  if (secret) return { files: await select('secret', secret.secretName, { ...secret, read: sources.secret }) }
  if (configMap) return { files: await select('configmap', configMap.name, { ...configMap, read: sources.configMap }) }
  if (!projected) return { files: {} }
  const parts = await Promise.all(projected.sources.map(source => projectedFiles(pod, source, sources)))
  const expirations = parts.flatMap(part => (part.expiresAt ? [part.expiresAt] : []))
  return {
    files: Object.assign({}, ...parts.map(part => part.files)),
    expiresAt: expirations.sort((a, b) => a.getTime() - b.getTime())[0],
  }
}

async function projectedFiles(pod: Pod, source: ProjectedSource, sources: VolumeSources): Promise<Files> {
  const { secret, configMap, serviceAccountToken, downwardAPI } = source
  if (secret) return { files: await select('secret', secret.name, { ...secret, read: sources.secret }) }
  if (configMap) return { files: await select('configmap', configMap.name, { ...configMap, read: sources.configMap }) }
  if (serviceAccountToken) {
    const { path, audience, expirationSeconds = tokenSecondsDefault } = serviceAccountToken
    const { token, expiresAt } = await sources.token({ expirationSeconds, ...(audience ? { audience } : {}) })
    return { files: { [path]: token }, expiresAt }
  }
  const items = downwardAPI?.items ?? []
  return { files: Object.fromEntries(items.map(item => [item.path, fieldOf(pod, item.fieldRef?.fieldPath ?? '')])) }
}

interface Selection {
  items?: KeyPath[]
  optional?: boolean
  read(name: string): Promise<Record<string, Uint8Array> | undefined>
}

async function select(
  kind: string,
  name: string,
  { items, optional, read }: Selection,
): Promise<Record<string, Uint8Array>> {
  const data = await read(name)
  if (!data) {
    if (optional) return {}
    throw new MissingReference(`${kind} "${name}" not found`)
  }
  if (!items) return data
  const files: Record<string, Uint8Array> = {}
  for (const { key, path } of items) {
    const bytes = data[key]
    if (bytes) files[path] = bytes
    else if (!optional) throw new MissingReference(`references non-existent ${kind} key: ${key}`)
  }
  return files
}

async function writeInside(folder: string, path: string, bytes: Uint8Array | string): Promise<void> {
  const inside = normalize(path)
  if (inside.startsWith('..') || inside.startsWith('/')) throw new Error(`volume path ${path} leaves its volume`)
  const file = join(folder, inside)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  // Readers see the old file or the new one, never half of it.
  await writeFile(`${file}.partial`, bytes, { mode: 0o600 })
  await rename(`${file}.partial`, file)
}
