// A syncer that is restarted between any two steps misses nothing; two workspaces use the same names meanwhile.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openStage, type Stage } from '../harness/walk.ts'

const down = 'KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl'
const workspaces = ['root:one', 'root:two']

describe('with a syncer restarted between any two steps', () => {
  let stage: Stage
  let syncer = ''
  before(async () => {
    stage = openStage()
    await Promise.all([stage.startKcp(), stage.startPcluster('kind')])
    await stage.ok('kubectl ws create places --enter')
    const said = await stage.ok(
      'kubectl kcp workload sync kind --syncer-image example.io/syncer:v1 -o syncer-kind.yaml',
    )
    syncer = /for namespace "(\S+)"/.exec(said)?.[1] ?? ''
    await stage.down('kind', 'kubectl apply -f syncer-kind.yaml')
    for (const workspace of workspaces) {
      await stage.ok('kubectl ws root')
      await stage.ok(`kubectl ws create ${workspace.slice('root:'.length)} --enter`)
      await stage.ok('kubectl kcp bind compute root:places')
    }
  })
  after(() => stage[Symbol.asyncDispose]())

  /** In each workspace, while the syncer is on its way down or up. */
  const inEach = async (command: string) => {
    await stage.down('kind', `kubectl delete pods -n ${syncer} --all --wait=false`)
    for (const workspace of workspaces) {
      await stage.ok(`kubectl ws ${workspace}`)
      await stage.ok(command)
    }
    await stage.down('kind', `kubectl delete pods -n ${syncer} --all --wait=false`)
  }
  const seenInEach = async (command: string, pattern: RegExp, what: string) => {
    for (const workspace of workspaces) {
      await stage.ok(`kubectl ws ${workspace}`)
      await stage.eventually(command, pattern, `${what} in ${workspace}`)
    }
  }

  test('create namespace and deployment', async () => {
    await inEach('kubectl create namespace team')
    await inEach('kubectl create deployment web -n team --image=example.io/web:1')
    await seenInEach('kubectl get deployments -n team', /^web +1\/1 /m, 'web runs')
    assert.match(await stage.down('kind', 'kubectl get deployments -A -l app=web -o name'), /^(deployment.*\n){2}$/)
  })
  test('scale', async () => {
    await inEach('kubectl scale deployment web -n team --replicas=3')
    await seenInEach('kubectl get deployments -n team', /^web +3\/3 /m, 'web runs three times')
  })
  test('set image', async () => {
    await inEach('kubectl set image deployment/web -n team web=example.io/web:2')
    await seenInEach(
      'kubectl rollout status deployment/web -n team --timeout=30s',
      /successfully rolled out/,
      'rollout',
    )
    const images = await stage.down(
      'kind',
      'kubectl get pods -A -l app=web -o jsonpath={.items[*].spec.containers[0].image}',
    )
    assert.deepEqual([...new Set(images.split(' '))], ['example.io/web:2'])
  })
  test('delete deployment', async () => {
    await inEach('kubectl delete deployment web -n team --wait=false')
    await seenInEach('kubectl get deployments -n team', /No resources found/, 'web is gone')
    await stage.eventually(`${down} get deployments,pods -A -l app=web`, /No resources found/, 'web is gone downstream')
  })
  test('delete namespace', async () => {
    await inEach('kubectl create configmap settings -n team --from-literal=color=blue')
    await inEach('kubectl delete namespace team --wait=false')
    await seenInEach('kubectl get namespace team', /NotFound/, 'the namespace is gone')
    await stage.eventually(`${down} get configmaps -A`, /^(?![\s\S]*\bsettings\b)/, 'its content is gone downstream')
  })
})
