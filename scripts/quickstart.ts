// `npm run quickstart`: performs the walk of the README by itself and stays up. `-- --exit` ends after the walk,
// `-- --empty` (npm run dev) starts the running pair only, `-- --pcluster-kubeconfig FILE` uses a cluster of yours.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findKubectl } from './kubectl.ts'
import { checkCluster, cleanCluster, type OwnCluster, runLocalSyncer, sayKept } from './walk/own-cluster.ts'
import { runCommand, type Server } from './walk/processes.ts'
import { startKcp, startPcluster } from './walk/servers.ts'
import { logStep, type Step, seedNames, type WalkPlaces, walkSteps } from './walk/steps.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values: flags } = parseArgs({
  options: {
    exit: { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    'pcluster-kubeconfig': { type: 'string' },
    'syncer-image': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const usage = `Performs the quickstart: starts kcp and a simulated physical cluster, and runs a deployment through both.

Usage: npm run quickstart [-- FLAGS]
  --exit                      end after the walk instead of staying up
  --empty                     start kcp, the physical cluster and a syncer, but create no workload (npm run dev)
  --pcluster-kubeconfig FILE  use this cluster instead of the simulated one
  --syncer-image IMAGE        with the above: run the syncer there as a pod of this image; without, it runs here
  --keep                      with the above: leave in that cluster what the walk created
`

const lookAgainMs = 500
const color = process.stdout.isTTY && !process.env.NO_COLOR
const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[0m` : text)
const dim = (text: string) => (color ? `\u001b[2m${text}\u001b[0m` : text)
const say = (text: string) => process.stdout.write(`${text}\n`)

interface Walk {
  cwd: string
  /** A cluster of the user's own, instead of a simulated one. */
  own: OwnCluster | undefined
  env: NodeJS.ProcessEnv
  places: WalkPlaces
  servers: Server[]
  signal: AbortSignal
}

async function main(): Promise<number> {
  if (flags.help) {
    process.stdout.write(usage)
    return 0
  }
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort(signal))
  // Who reads has gone (`| head`, a closed terminal): nobody else would stop the servers.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => interrupt.abort('output'))
  const walk = prepare(interrupt.signal)
  try {
    await startServers(walk)
    const done = await performSteps(walk)
    if (!done || flags.exit) return done ? 0 : 1
    sayHowToGoOn(walk)
    await stayUp(walk)
    return 0
  } catch (error) {
    if (interrupt.signal.aborted) return 130
    process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`)
    return 1
  } finally {
    await stopAll(walk)
  }
}

function prepare(signal: AbortSignal): Walk {
  const home = join(root, '.quickstart')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(home))
    if (name === String(process.pid) || !isAlive(Number(name)))
      rmSync(join(home, name), { recursive: true, force: true })
  const cwd = join(home, String(process.pid))
  mkdirSync(cwd, { mode: 0o700 })
  const path = [join(root, 'bin'), dirname(findKubectl()), process.env.PATH ?? ''].join(delimiter)
  // An explicit KUBECONFIG for every child: whatever ~/.kube/config says is never used.
  const env = {
    ...process.env,
    ...withoutProxyToHere(process.env),
    PATH: path,
    KUBECONFIG: '.kcp/admin.kubeconfig',
    KUBECACHEDIR: join(cwd, 'cache'),
  }
  const file = flags['pcluster-kubeconfig']
  if (file === undefined) {
    const pcluster = `.pcluster/${seedNames.target}/admin.kubeconfig`
    return { cwd, own: undefined, env: { ...env, HOME: cwd }, places: { pcluster, syncFlags: '' }, servers: [], signal }
  }
  // npm changes to the folder of package.json; the path is from where the user is. HOME stays: exec plugins need it.
  const pcluster = resolve(process.env.INIT_CWD ?? '', file)
  const own = { cwd, env, pcluster, target: seedNames.target, say }
  const places = {
    pcluster: shellWord(pcluster),
    syncFlags: flags['syncer-image'] === undefined ? ' --replicas 0' : '',
  }
  return { cwd, own, env, places, servers: [], signal }
}

/** kcp is advertised at an address of this machine that no proxy can reach. */
function withoutProxyToHere({ NO_PROXY, no_proxy }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const addresses = Object.values(networkInterfaces()).flatMap(each => each?.map(({ address }) => address) ?? [])
  const list = [NO_PROXY ?? no_proxy ?? '', 'localhost', ...addresses].filter(part => part !== '').join(',')
  return { NO_PROXY: list, no_proxy: list }
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && process.kill(pid, 0)
  } catch (error) {
    // Otherwise there is no such process: its folder is left over.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function startServers(walk: Walk): Promise<void> {
  const options = {
    root,
    cwd: walk.cwd,
    env: walk.env,
    signal: walk.signal,
    progress: (text: string) => say(dim(text)),
  }
  if (walk.own) await checkCluster(walk.own)
  say(bold('# Start kcp, and a physical cluster'))
  const kcp = await startKcp(options)
  walk.servers.push(kcp)
  say(`$ ${kcp.command} &`)
  if (walk.own) say(`(the physical cluster is yours: ${walk.own.pcluster})`)
  else {
    const pcluster = await startPcluster(seedNames.target, options)
    walk.servers.push(pcluster)
    say(`$ ${pcluster.command} &   # simulated: it runs no containers`)
  }
  say('$ export KUBECONFIG=.kcp/admin.kubeconfig\n')
}

async function performSteps(walk: Walk): Promise<boolean> {
  const names = flags['syncer-image'] === undefined ? seedNames : { ...seedNames, syncerImage: flags['syncer-image'] }
  const steps = walkSteps(names, walk.places)
  // The walk up to the running pair ends with `bind compute`.
  const count = flags.empty ? 5 : steps.length
  let pods = ''
  for (const step of steps.slice(0, count)) {
    const output = await performStep(walk, step)
    if (output === undefined) return false
    if (walk.own && walk.places.syncFlags !== '' && step.command.includes(' apply ')) {
      walk.servers.push(await runLocalSyncer({ ...walk.own, root, signal: walk.signal }))
    }
    pods = output
  }
  if (flags.empty) return true
  const log = logStep(names, walk.places, pods)
  // A cluster of the user's own may have nothing to say: what kubectl prints is shown.
  return (await performStep(walk, walk.own ? { ...log, expect: [] } : log)) !== undefined
}

/** Runs one step, printing what it prints; undefined when it did not do what it is for. */
async function performStep(walk: Walk, step: Step): Promise<string | undefined> {
  say(bold(`# ${step.title}`))
  say(`$ ${step.command}`)
  const start = performance.now()
  const progress = setInterval(() => say(dim(`… ${Math.round((performance.now() - start) / 1000)} s`)), 2_000)
  const result = await runCommand(step.command, {
    ...walk,
    onOutput: text => process.stdout.write(text),
  }).finally(() => clearInterval(progress))
  say('')
  const missing = step.expect.find(pattern => !pattern.test(result.output))
  if (result.code === 0 && missing === undefined) return result.output
  const what = result.code === 0 ? `printed nothing like ${missing}` : `ended with exit code ${result.code}`
  process.stderr.write(`error: the step above ${what}; logs are in ${walk.cwd}\n`)
  for (const server of walk.servers)
    process.stderr.write(`--- end of ${server.logFile}\n${server.log().split('\n').slice(-15).join('\n')}\n`)
  return undefined
}

function sayHowToGoOn(walk: Walk): void {
  const path = [join(root, 'bin'), dirname(findKubectl())].join(delimiter)
  say(bold('It is yours now. In another terminal:'))
  say(`  export PATH=${path}:$PATH`)
  say(`  export KUBECONFIG=${join(walk.cwd, '.kcp/admin.kubeconfig')}`)
  say(`  # the physical cluster: KUBECONFIG=${walk.own ? walk.places.pcluster : join(walk.cwd, walk.places.pcluster)}`)
  const also = walk.own && !flags.keep ? ', and removes from your cluster what the walk created' : ''
  say(`ctrl-c stops everything${also}.`)
}

/** Until ctrl-c, also when all servers have ended: then too there is something to clean up. */
async function stayUp({ servers, signal }: Walk): Promise<void> {
  const ended = new Set<Server>()
  while (!signal.aborted) {
    // An abort only ends the wait.
    await setTimeout(lookAgainMs, undefined, { signal }).catch(() => undefined)
    for (const server of servers.filter(s => s.exit() !== undefined && !ended.has(s))) {
      ended.add(server)
      say(`(${server.name} ended with exit code ${server.exit()}; its log is ${server.logFile})`)
    }
  }
}

async function stopAll(walk: Walk): Promise<void> {
  // The syncer first, kcp after it: what is cleaned up is not put back, and is not taken for deleted upstream.
  for (const server of walk.servers.filter(s => s.name === 'syncer')) await server.stop()
  if (walk.own) await cleanUp(walk.own)
  for (const server of walk.servers.toReversed()) await server.stop()
  if (flags.exit) rmSync(walk.cwd, { recursive: true, force: true })
}

async function cleanUp(own: OwnCluster): Promise<void> {
  try {
    await (flags.keep ? sayKept(own) : cleanCluster(own))
  } catch (error) {
    process.stderr.write(`error: your cluster was not cleaned up: ${error instanceof Error ? error.message : error}
The walk created there the namespaces, ClusterRoles and ClusterRoleBindings kcp-syncer-${own.target}-*, and namespaces kcp-*.\n`)
  }
}

process.exit(await main())
