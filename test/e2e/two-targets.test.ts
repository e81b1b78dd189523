// Two physical clusters, two workspaces with the same namespace and object names: nobody gets in anybody's way.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openStage, type Stage } from '../harness/walk.ts'

describe('two targets and two workspaces with equal names', () => {
  let stage: Stage
  before(async () => {
    stage = openStage()
    await Promise.all([stage.startKcp(), stage.startPcluster('east'), stage.startPcluster('west')])
    for (const target of ['east', 'west']) {
      await stage.ok('kubectl ws root')
      await stage.ok(`kubectl ws create places-${target} --enter`)
      await stage.ok(`kubectl kcp workload sync ${target} --syncer-image example.io/syncer:v1 -o ${target}.yaml`)
      await stage.down(target, `kubectl apply -f ${target}.yaml`)
    }
    for (const target of ['east', 'west']) {
      await stage.ok('kubectl ws root')
      await stage.ok(`kubectl ws create team-${target} --enter`)
      await stage.ok(`kubectl kcp bind compute root:places-${target}`)
    }
  })
  after(() => stage[Symbol.asyncDispose]())

  test('each workspace runs at its own target', async () => {
    for (const target of ['east', 'west']) {
      await stage.ok(`kubectl ws root:team-${target}`)
      await stage.ok(`kubectl create deployment web --image=example.io/${target}:1`)
      await stage.eventually('kubectl get deployments', /^web +1\/1 /m, `web runs for team-${target}`)
    }
    assert.match(await stage.down('east', 'kubectl get deployments -A -o wide'), /example\.io\/east:1/)
    assert.doesNotMatch(await stage.down('east', 'kubectl get deployments -A -o wide'), /example\.io\/west:1/)
    assert.doesNotMatch(await stage.down('west', 'kubectl get deployments -A -o wide'), /example\.io\/east:1/)
  })

  test('scale, set image, delete and delete ns reach the own target, and leave the other alone', async () => {
    const down = (target: string) => stage.down(target, 'kubectl get deployments,configmaps -A -o wide')
    for (const [target, other] of [
      ['east', 'west'],
      ['west', 'east'],
    ] as const) {
      const before = await down(other)
      await stage.ok(`kubectl ws root:team-${target}`)
      await stage.ok('kubectl create namespace team')
      await stage.ok(`kubectl create deployment web -n team --image=example.io/${target}:2`)
      await stage.ok('kubectl create configmap settings -n team --from-literal=a=b')
      await stage.ok('kubectl scale deployment web -n team --replicas=2')
      await stage.eventually('kubectl get deployments -n team', /^web +2\/2 /m, `web is scaled for team-${target}`)
      await stage.ok(`kubectl set image deployment/web -n team ${target}=example.io/${target}:3`)
      await stage.ok('kubectl rollout status deployment/web -n team --timeout=30s')
      const seen = await down(target)
      assert.match(seen, new RegExp(`web +2/2 .*example\\.io/${target}:3`))
      assert.match(seen, /settings/)
      await stage.ok('kubectl delete deployment web -n team --timeout=30s')
      await stage.ok('kubectl delete namespace team --timeout=60s')
      assert.doesNotMatch(await down(target), new RegExp(`example\\.io/${target}:3|settings`))
      const withoutAges = (text: string) => text.replaceAll(/ +(?:\d+[smhd](?:\d+[smh])?(?=\s))?/g, ' ')
      assert.equal(withoutAges(await down(other)), withoutAges(before))
    }
  })

  test('two workspaces at one target have namespaces of their own there', async () => {
    await stage.ok('kubectl ws root')
    await stage.ok('kubectl ws create third --enter')
    const placement = await stage.ok('kubectl kcp bind compute root:places-east -o name 2>/dev/null')
    assert.match(placement, /^placement\.scheduling\.kcp\.io\/placement-\w+\n$/)
    await stage.ok('kubectl create deployment web --image=example.io/third:1')
    await stage.eventually('kubectl get deployments', /^web +1\/1 /m, 'web runs for third')
    const found = await stage.down('east', 'kubectl get deployments -A -o wide')
    const namespaces = [...found.matchAll(/^(kcp-[0-9a-z]{12}) +web /gm)].map(match => match[1])
    assert.equal(namespaces.length, 2)
    assert.notEqual(namespaces[0], namespaces[1])
  })

  test('a target that is cordoned hands its workloads to another valid one of the location', async () => {
    // A second target at the location of east, on the cluster west.
    await stage.ok('kubectl ws root:places-east')
    await stage.ok('kubectl kcp workload sync spare --syncer-image example.io/syncer:v1 -o spare.yaml')
    await stage.down('west', 'kubectl apply -f spare.yaml')
    await stage.eventually(
      'kubectl get synctarget spare -o jsonpath=\'{.status.conditions[?(@.type=="Ready")].status}\'',
      /True/,
      'spare is Ready',
    )
    await stage.eventually(
      'kubectl get synctarget spare -o jsonpath={.status.syncedResources[*].state}',
      /^(Accepted ?){4}$/,
      'its APIs are accepted',
    )
    assert.match(await stage.ok('kubectl kcp workload cordon east'), /^east cordoned$/m)
    await stage.eventually(
      'KUBECONFIG=.pcluster/west/admin.kubeconfig kubectl get deployments -A -o wide',
      /example\.io\/third:1/,
      'third runs in the west',
    )
    await stage.eventually(
      'KUBECONFIG=.pcluster/east/admin.kubeconfig kubectl get deployments -A -o wide',
      /^(?![\s\S]*example\.io\/third:1)/,
      'third left the east',
    )
    await stage.ok('kubectl ws root:third')
    await stage.eventually('kubectl get deployments', /^web +1\/1 /m, 'kcp shows 1/1 again')
  })
})
