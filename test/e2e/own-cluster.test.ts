// The quickstart on a cluster that somebody else runs: the syncer is a process with the rights of its ServiceAccount, and
// nothing stays behind. The cluster is a simulated one here; any other serves as well.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStage, root, type Stage } from '../harness/walk.ts'

/** All it printed, when SIGINT came as soon as it printed the pattern. */
async function interruptAt(pattern: RegExp, flags: string[]): Promise<string> {
  const child = spawn(join(root, 'scripts/node.sh'), [join(root, 'scripts/quickstart.ts'), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const take = (chunk: Buffer) => {
    output += chunk.toString('utf8')
    if (pattern.test(output)) child.kill('SIGINT')
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  await once(child, 'close')
  return output
}

describe('npm run quickstart -- --pcluster-kubeconfig', () => {
  let stage: Stage
  const objects = () => stage.down('mine', 'kubectl get namespaces,clusterroles,clusterrolebindings -o name')
  // As npm calls it: from the folder of package.json, with the user's folder in INIT_CWD.
  const quickstart = (flags: string) =>
    stage.run(`INIT_CWD="$PWD" ${root}/scripts/node.sh ${root}/scripts/quickstart.ts --exit ${flags}`)

  before(async () => {
    stage = openStage()
    await stage.startPcluster('mine')
  })
  after(() => stage[Symbol.asyncDispose]())

  test('walks there, with a path relative to where the user is, and removes what it made', async () => {
    const atFirst = await objects()
    await stage.ok(`cp .pcluster/mine/admin.kubeconfig "my cluster's.kubeconfig"`)
    const { code, output } = await quickstart(`--pcluster-kubeconfig "my cluster's.kubeconfig"`)
    assert.equal(code, 0, output)
    assert.match(output, /^kuard +1\/1 /m)
    assert.match(output, /^kcp-[0-9a-z]{12} +kuard-/m)
    assert.match(
      output,
      /the syncer runs on this machine with a token of ServiceAccount (kcp-syncer-kind-\w+)\/\1, not as a pod and not/,
    )
    assert.match(output, /^Removed: /m)
    assert.equal(await objects(), atFirst)
  })
  test('--keep leaves it', async () => {
    const { code, output } = await quickstart('--keep --pcluster-kubeconfig .pcluster/mine/admin.kubeconfig')
    assert.equal(code, 0, output)
    const [, name] = /^Left in your cluster: ClusterRole and ClusterRoleBinding (\S+),/m.exec(output) ?? []
    assert.ok(name !== undefined && (await objects()).includes(`namespace/${name}`), output)
  })
  test('interrupted while the manifest is applied, it leaves nothing', async () => {
    const atFirst = await objects()
    const started = /^namespace\/kcp-syncer-\S+ created$/m
    const output = await interruptAt(started, [
      '--pcluster-kubeconfig',
      join(stage.cwd, '.pcluster/mine/admin.kubeconfig'),
    ])
    assert.match(output, /^Removed: /m)
    assert.equal(await objects(), atFirst)
  })
  test('without such a file it says so and starts nothing', async () => {
    const { code, output } = await quickstart('--pcluster-kubeconfig nowhere')
    assert.equal(code, 1)
    assert.equal(output, `error: there is no kubeconfig ${stage.cwd}/nowhere\n`)
  })
})
