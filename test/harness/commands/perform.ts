// Runs command tables: each row is a test, in the folder and against the server of its lane.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { connectClient } from '../../../api-client/connect.ts'
import { loadKubeconfig } from '../../../api-client/kubeconfig/load.ts'
import { clientConfigOf, resolveContext } from '../../../api-client/kubeconfig/resolve.ts'
import { type RunResult, runCommand, startServer, until } from '../../../scripts/walk/processes.ts'
import { commandFiles } from './files.ts'
import { type CommandRow, isForGeneration, type RowDetails } from './row.ts'

/** Where rows run: one kubectl, one server, one folder. */
export interface Lane {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

const outputMs = 20_000
const namespace = 'commands'

/** A folder with all manifests, a home of its own (kubectl caches discovery there) and a kubeconfig. */
export async function laneFolder(cwd: string, kubeconfig: string): Promise<NodeJS.ProcessEnv> {
  mkdirSync(cwd, { recursive: true })
  for (const [name, text] of Object.entries(commandFiles)) {
    const file = join(cwd, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    if (name.endsWith('.sh')) chmodSync(file, 0o755)
  }
  const own = join(cwd, 'kubeconfig')
  writeFileSync(own, kubeconfig)
  const { server } = await clientConfigOf(
    resolveContext(await loadKubeconfig({ explicitPath: own, env: {}, homeDirectory: cwd })),
  )
  const base = new URL(server).pathname.replace(/\/$/, '')
  // Go programs that live for a tenth of a second need no garbage collector: a fifth less of the processor.
  return { KUBECONFIG: own, HOME: cwd, NODE: process.execPath, BASE: base, GOGC: 'off' }
}

export function performRows(rows: readonly CommandRow[], lane: () => Lane, minor: number): void {
  for (const row of rows) {
    if (!isForGeneration(row, minor)) continue
    test(`$ ${row[0]}`, () => performRow(row, lane()))
  }
}

async function performRow([command, want, more = {}]: CommandRow, lane: Lane): Promise<void> {
  const result = more.meanwhile
    ? await runBeside({ command, want, meanwhile: more.meanwhile }, lane)
    : await runCommand(command, lane)
  assert.match(result.output, want)
  if (!more.meanwhile) assert.equal(result.code, more.code ?? 0, result.output)
  if (more.state) await compareState(more.state, lane)
}

interface Lasting {
  command: string
  want: RegExp
  meanwhile: NonNullable<RowDetails['meanwhile']>
}

/** The second command finds what the first pattern caught as $SHOWN. */
async function runBeside({ command, want, meanwhile }: Lasting, lane: Lane): Promise<RunResult> {
  const logFile = join(lane.cwd, 'lasting.log')
  writeFileSync(logFile, '')
  const lasting = startServer('lasting', ['/bin/sh', '-c', command], { cwd: lane.cwd, env: lane.env, logFile })
  const wait = <T>(what: string, check: () => T | undefined) =>
    until(check, { what: `${what} in\n${lasting.log()}`, timeoutMs: outputMs, signal: lane.signal })
  try {
    const [shown, then] = meanwhile
    const match = await wait(String(shown), () => shown.exec(lasting.log()) ?? undefined)
    const { output } = await runCommand(then, { ...lane, env: { ...lane.env, SHOWN: match[1] ?? match[0] } })
    const whole = () => lasting.log() + output
    await wait(String(want), () => (want.test(whole()) ? true : undefined)).catch(() => undefined)
    return { code: 0, output: whole() }
  } finally {
    await lasting.stop()
  }
}

async function compareState(state: Readonly<Record<string, unknown>>, lane: Lane): Promise<void> {
  const kubeconfig = await loadKubeconfig({ env: lane.env, homeDirectory: lane.cwd })
  await using connection = connectClient(await clientConfigOf(resolveContext(kubeconfig)), { userAgent: 'commands' })
  for (const [key, want] of Object.entries(state)) {
    const [what = '', path = ''] = key.split(' ')
    const value = fieldOf(await readObject(connection.client, what), path)
    assert.deepEqual(value, want, key)
  }
}

const groupVersions: Readonly<Record<string, string>> = {
  customresourcedefinitions: 'apiextensions.k8s.io/v1',
  deployments: 'apps/v1',
  replicasets: 'apps/v1',
  jobs: 'batch/v1',
  horizontalpodautoscalers: 'autoscaling/v2',
  certificatesigningrequests: 'certificates.k8s.io/v1',
  roles: 'rbac.authorization.k8s.io/v1',
  rolebindings: 'rbac.authorization.k8s.io/v1',
  widgets: 'ex.io/v1',
}
const clusterScoped = ['customresourcedefinitions', 'certificatesigningrequests', 'namespaces', 'nodes']

async function readObject(client: Client, what: string): Promise<unknown> {
  const [resource = '', name = ''] = what.split('/')
  const [version = '', group = ''] = (groupVersions[resource] ?? 'v1').split('/').toReversed()
  const scope = clusterScoped.includes(resource) ? {} : { namespace }
  try {
    return await client.get({ group, version, resource }, { ...scope, name })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function fieldOf(object: unknown, path: string): unknown {
  let value = object
  for (const step of path.split('.').filter(part => part !== '')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([key]) => key === step)?.[1]
  }
  return value
}
