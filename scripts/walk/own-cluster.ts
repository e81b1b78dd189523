// The walk on a cluster of the user's own: a syncer that runs here with the identity it would have there, and cleaning up.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { runCommand, type Server, startServer } from './processes.ts'
import { serverOf } from './servers.ts'

export interface OwnCluster {
  cwd: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  /** Path of its kubeconfig. */
  pcluster: string
  target: string
  say(text: string): void
}

interface Manifest {
  kind: string
  metadata: { name: string; namespace?: string }
  stringData?: { kubeconfig?: string }
  spec?: { template: { spec: { containers: { args: string[] }[] } } }
}

const tokenDuration = '8h'

/**
 * Starts the syncer of the written manifest as a process here: its args, its kubeconfig for kcp, and a token of its
 * ServiceAccount for the cluster. The credentials in the user's kubeconfig serve only to ask for that token.
 */
export async function runLocalSyncer(options: OwnCluster & { root: string }): Promise<Server> {
  const { cwd, pcluster, say } = options
  const documents = parseAllDocuments(readFileSync(join(cwd, `syncer-${options.target}-main.yaml`), 'utf8')).map(
    d => d.toJS() as Manifest,
  )
  const deployment = documents.find(d => d.kind === 'Deployment')
  const kubeconfig = documents.find(d => d.stringData?.kubeconfig)?.stringData?.kubeconfig
  const { name, namespace = '' } = deployment?.metadata ?? { name: '' }
  const args = deployment?.spec?.template.spec.containers[0]?.args ?? []
  const kubectl = `kubectl --kubeconfig ${pcluster}`
  const token = await output(
    options,
    `${kubectl} create token ${name} --namespace ${namespace} --duration ${tokenDuration}`,
  )
  const ca = await output(
    options,
    `${kubectl} get configmap kube-root-ca.crt --namespace ${namespace} -o jsonpath='{.data.ca\\.crt}'`,
  )
  const folder = join(cwd, 'syncer')
  mkdirSync(folder, { mode: 0o700 })
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text, { mode: 0o600 })
  write('token', token)
  write('ca.crt', ca)
  write('namespace', namespace)
  write('kubeconfig', kubeconfig ?? '')
  const { hostname, port } = new URL(serverOf(pcluster))
  say(
    `(the syncer runs on this machine as ServiceAccount ${namespace}/${name}, not as a pod: pass --syncer-image to change that)\n`,
  )
  return startServer(
    'syncer',
    [
      join(options.root, 'bin', 'syncer'),
      ...args.map(arg =>
        arg.startsWith('--from-kubeconfig=') ? `--from-kubeconfig=${join(folder, 'kubeconfig')}` : arg,
      ),
    ],
    {
      cwd,
      logFile: join(cwd, 'syncer.log'),
      env: {
        PATH: options.env.PATH,
        NAMESPACE: namespace,
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port || '443',
        KCP_SERVICE_ACCOUNT_DIRECTORY: folder,
      },
    },
  )
}

async function output(options: OwnCluster, command: string): Promise<string> {
  const result = await runCommand(command, { cwd: options.cwd, env: options.env, signal: options.signal })
  if (result.code !== 0) throw new Error(`${command} failed:\n${result.output}`)
  return result.output.trim()
}

/** Removes everything the walk made in the cluster: the syncer's objects and the namespaces it filled. */
export async function cleanCluster(options: OwnCluster): Promise<void> {
  const { cwd, pcluster, target, say } = options
  const manifest = join(cwd, `syncer-${target}-main.yaml`)
  let uid = ''
  try {
    const documents = parseAllDocuments(readFileSync(manifest, 'utf8')).map(d => d.toJS() as Manifest)
    uid =
      documents
        .flatMap(d => d.spec?.template.spec.containers[0]?.args ?? [])
        .find(arg => arg.startsWith('--sync-target-uid='))
        ?.split('=')[1] ?? ''
  } catch {
    // The walk ended before it wrote one: nothing was created.
    return
  }
  say('Removing from your cluster what the walk created (--keep leaves it)')
  const kubectl = `kubectl --kubeconfig ${pcluster}`
  const run = (command: string) => runCommand(command, { cwd, env: options.env, signal: new AbortController().signal })
  // First the syncer, or it would put back what is removed after it.
  await run(`${kubectl} delete -f ${manifest} --ignore-not-found --wait=true`)
  const names = await run(
    `${kubectl} get namespaces -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.metadata.annotations.kcp\\.io/namespace-locator}{"\\n"}{end}'`,
  )
  const ours = names.output
    .split('\n')
    .filter(line => uid !== '' && line.includes(`"uid":"${uid}"`))
    .map(line => line.split(' ')[0])
  if (ours.length > 0) await run(`${kubectl} delete namespace ${ours.join(' ')} --ignore-not-found`)
}
