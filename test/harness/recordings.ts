// The tables of test/fixtures/recordings, typed. Made by scripts/generate-recordings.ts from recordings of Go kcp v0.11
// and of kube-apiserver 1.31; compute-definitions.json by scripts/generate-compute-definitions.ts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'

export interface WalkStep {
  readonly as: 'admin' | 'syncer'
  /** Recorded name of a logical cluster. */
  readonly cluster?: string
  /** The syncer virtual workspace instead, of this cluster or of all. */
  readonly view?: string
  readonly method: string
  readonly path: string
  readonly watch?: boolean
  readonly body?: unknown
  readonly code: number
  readonly reason?: string
  /** Index into `shapes`. */
  readonly shape?: number
  /** Items of a list, rows of a table. */
  readonly count?: number
  readonly columns?: readonly string[]
  /** Somebody waited: only the last of these answers counts. */
  readonly polled?: boolean
  /** Recorded value that others send later, and where it is in the answer. */
  readonly learn?: readonly (readonly (string | number)[])[]
}

export interface Walk {
  readonly steps: readonly WalkStep[]
  /** Field paths, separated by spaces. */
  readonly shapes: readonly string[]
}

export interface ObjectShapes {
  /** Path of the list → `namespace/name` → index into `shapes`. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly shapes: readonly string[]
}

/** A request, and what a kube-apiserver 1.31 answered to it after those before. */
export interface NativeRow {
  readonly line: string
  readonly body?: unknown
  readonly contentType?: string
  readonly code: number
  /** Of refusals. */
  readonly message?: string
}

const folder = join(import.meta.dirname, '../fixtures/recordings')
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))

export const recordedWalk = (): Walk => read('kcp-walk.json')
/** Schemas that stand as `@name` in bodies of the walk. */
export const recordedSchemas = (): Readonly<Record<string, unknown>> => read('kcp-walk-schemas.json')
/** Workspace → path of a document → rows. */
export const recordedDiscovery = (): Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> =>
  read('kcp-discovery.json')
export const recordedObjects = (): Readonly<Record<string, ObjectShapes>> => read('kcp-objects.json')
export const kubernetesDiscovery = (): Readonly<
  Record<'legacy' | 'aggregated', Readonly<Record<string, readonly string[]>>>
> => read('kubernetes-discovery.json')
export const kubernetesPaths = (): Readonly<Record<string, readonly string[]>> => read('kubernetes-paths.json')
export const kubernetesComponents = (): Readonly<Record<string, string>> => read('kubernetes-components.json')
/** Rows of name, documents (`1.24 v2`, …) that have the definition so, definition: what the compute export's types are made of. */
export const computeDefinitions = (): readonly (readonly [string, readonly string[], JsonObject])[] =>
  read('compute-definitions.json')
export const nativeRows = (): readonly NativeRow[] => read('native-kinds.json')

/** A request that a kube-apiserver 1.31 refused. */
export interface RecordedRequest {
  readonly line: string
  /** Content-Type; application/json unless said. */
  readonly type?: string
  readonly accept?: string
  readonly body?: string
  readonly code: number
  readonly reason?: string
  readonly message: string
  readonly details?: unknown
}

export interface RecordedRequests {
  /** What is done before. */
  readonly setup: readonly { readonly line: string; readonly body?: KubeObject }[]
  readonly rows: readonly RecordedRequest[]
}

export const recordedRequests = (): RecordedRequests => read('requests.json')
