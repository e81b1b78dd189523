// Parts go away and come back: nothing that runs in a physical cluster is deleted or restarted, no acknowledged write is lost.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { seedNames } from '../../scripts/walk/steps.ts'
import { openStage, performWalk, type Stage } from '../harness/walk.ts'

// Seconds instead of a minute, so that an expired heartbeat is seen in a test.
const heartbeatFlags = ['--sync-target-heartbeat-threshold', '25s']

describe('with kuard running', () => {
  let stage: Stage
  let before_ = ''
  let syncer = ''
  before(async () => {
    stage = openStage()
    await performWalk(stage, seedNames, heartbeatFlags)
    syncer = /(kcp-syncer-kind-\w+)/.exec(await stage.down('kind', 'kubectl get namespaces -o name'))?.[1] ?? ''
    before_ = await running()
  })
  after(() => stage[Symbol.asyncDispose]())

  /** Name, uid and spec version of what runs downstream. */
  const running = () =>
    stage.down(
      'kind',
      'kubectl get deployments,pods -A -l app=kuard -o jsonpath=\'{range .items[*]}{.kind} {.metadata.uid} {.metadata.generation}{"\\n"}{end}\'',
    )
  const readyOf = async (type: string) =>
    (
      await stage.ok(
        `kubectl --server $(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}' | sed 's#/clusters/.*##')/clusters/root:locations get synctarget kind -o jsonpath='{.status.conditions[?(@.type=="${type}")].status}'`,
      )
    ).trim()

  test('kcp killed and started again: nothing changes downstream, and the syncer goes on by itself', async () => {
    await stage.stop('kcp', 'SIGKILL')
    assert.equal(await running(), before_)
    await stage.restart('kcp')
    await stage.eventually('kubectl get deployments', /^kuard +1\/1 /m, 'the deployment is still there')
    await stage.ok('kubectl label deployment kuard after=kill')
    await stage.eventually(
      'KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get deployments -A -l after=kill',
      /kuard/,
      'the label arrived downstream',
    )
    assert.deepEqual(
      (await running()).split('\n').map(line => line.split(' ')[1]),
      before_.split('\n').map(line => line.split(' ')[1]),
    )
  })

  test('every write acknowledged before a kill is there after it', async () => {
    const acknowledged: string[] = []
    const writing = (async () => {
      for (let i = 0; i < 200; i++) {
        const result = await stage.run(`kubectl create configmap written-${i} --from-literal=i=${i}`)
        if (result.code !== 0) return
        acknowledged.push(`written-${i}`)
      }
    })()
    await stage.until('some writes', async () => (acknowledged.length >= 10 ? true : undefined))
    await stage.stop('kcp', 'SIGKILL')
    await writing
    await stage.restart('kcp')
    const found = await stage.ok('kubectl get configmaps -o name')
    for (const name of acknowledged) assert.match(found, new RegExp(`/${name}$`, 'm'))
  })

  test('a syncer that stops: the target is not Ready, but its placement stays and nothing is deleted', async () => {
    await stage.down('kind', `kubectl scale deployment ${syncer} -n ${syncer} --replicas=0`)
    await stage.until('SyncTarget not Ready', async () => ((await readyOf('Ready')) === 'False' ? true : undefined))
    assert.match(
      await stage.ok('kubectl get namespace default -o jsonpath={.metadata.labels}'),
      /state\.workload\.kcp\.io/,
    )
    assert.doesNotMatch(
      await stage.ok('kubectl get namespace default -o jsonpath={.metadata.annotations}'),
      /deletion\.internal/,
    )
    assert.deepEqual(
      (await running()).split('\n').map(line => line.split(' ')[1]),
      before_.split('\n').map(line => line.split(' ')[1]),
    )
  })

  test('and comes back: what changed meanwhile arrives, what did not is not touched', async () => {
    const versions = () =>
      stage.down(
        'kind',
        'kubectl get pods,replicasets -A -l app=kuard -o jsonpath=\'{range .items[*]}{.metadata.uid} {.metadata.resourceVersion}{"\\n"}{end}\'',
      )
    const untouched = await versions()
    await stage.ok('kubectl create configmap meanwhile --from-literal=a=b')
    await stage.down('kind', `kubectl scale deployment ${syncer} -n ${syncer} --replicas=1`)
    await stage.eventually(
      'KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get configmaps -A',
      /meanwhile/,
      'the new ConfigMap arrived',
    )
    await stage.until('SyncTarget Ready', async () => ((await readyOf('Ready')) === 'True' ? true : undefined))
    assert.equal(await versions(), untouched)
  })

  test('the physical cluster restarted: its syncer comes back and goes on', async () => {
    await stage.stop('kind')
    await stage.restart('kind')
    await stage.ok('kubectl create configmap later --from-literal=a=b')
    await stage.eventually(
      'KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get configmaps -A',
      /later/,
      'a new ConfigMap arrived',
    )
    await stage.ok('kubectl delete deployment kuard --timeout=30s')
  })
})
