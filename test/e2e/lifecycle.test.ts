// What follows the walk: changes made in kcp arrive in the physical cluster, status follows, and going is clean.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { seedNames } from '../../scripts/walk/steps.ts'
import { openStage, performWalk, type Stage } from '../harness/walk.ts'

describe('a deployment that runs in the physical cluster', () => {
  let stage: Stage
  let namespace = ''
  before(async () => {
    stage = openStage()
    const pods = await performWalk(stage, seedNames)
    namespace = /^(kcp-[0-9a-z]{12}) /m.exec(pods)?.[1] ?? ''
  })
  after(() => stage[Symbol.asyncDispose]())

  test('is scaled in kcp and follows', async () => {
    await stage.ok('kubectl scale deployment kuard --replicas=3')
    await stage.eventually('kubectl get deployments', /^kuard +3\/3 +3 +3 +/m, 'kcp shows 3/3')
    assert.match(await stage.down('kind', `kubectl get deployments -n ${namespace} kuard`), /3\/3/)
  })
  test('gets a new image in kcp, and the rollout is seen there', async () => {
    await stage.ok('kubectl set image deployment/kuard kuard-amd64=gcr.io/kuar-demo/kuard-amd64:green')
    assert.match(await stage.ok('kubectl rollout status deployment/kuard --timeout=60s'), /successfully rolled out/)
    assert.match(await stage.down('kind', `kubectl get deployments -n ${namespace} kuard -o wide`), /kuard-amd64:green/)
  })
  test('changed in the physical cluster by hand is put back', async () => {
    await stage.down('kind', `kubectl scale deployment kuard -n ${namespace} --replicas=1`)
    await stage.eventually(
      `KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get deployment kuard -n ${namespace} -o jsonpath={.spec.replicas}`,
      /^3$/,
      'replicas are 3 again downstream',
    )
  })
  test('deleted in the physical cluster by hand comes back', async () => {
    const uid = await stage.down('kind', `kubectl get deployment kuard -n ${namespace} -o jsonpath={.metadata.uid}`)
    await stage.down('kind', `kubectl delete deployment kuard -n ${namespace}`)
    await stage.until('another kuard downstream', async () => {
      const result = await stage.run(
        `KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get deployment kuard -n ${namespace} -o jsonpath={.metadata.uid}`,
      )
      return result.code === 0 && result.output !== '' && result.output !== uid ? true : undefined
    })
    // Its generation starts again there; in kcp it is still the one that users count by.
    await stage.ok('kubectl rollout status deployment/kuard --timeout=30s')
  })

  test('ConfigMaps, Secrets, Services and Ingresses go the same way', async () => {
    await stage.ok('kubectl create configmap settings --from-literal=color=blue')
    await stage.ok('kubectl create secret generic pass --from-literal=word=x')
    await stage.ok('kubectl create service clusterip kuard --tcp=80:8080')
    await stage.ok('kubectl create ingress kuard --rule=kuard.example.com/*=kuard:80')
    const kinds = 'configmap/settings secret/pass service/kuard ingress/kuard'
    await stage.eventually(
      `KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get -n ${namespace} ${kinds} -o name`,
      /settings[\s\S]*pass[\s\S]*kuard[\s\S]*kuard/,
      'all four kinds arrived',
    )
    await stage.ok('kubectl patch configmap settings --type merge -p \'{"data":{"color":"green"}}\'')
    await stage.eventually(
      `KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get -n ${namespace} configmap settings -o jsonpath={.data.color}`,
      /^green$/,
      'the change arrived',
    )
    await stage.ok('kubectl delete configmap settings')
    await stage.eventually(
      `KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get -n ${namespace} configmap settings`,
      /not found/,
      'it is gone downstream',
    )
  })

  test('an element that a manifest no longer has leaves its list', async () => {
    const service = (ports: object[]) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'two' }, spec: { ports } })
    const [one, other] = [
      { name: 'one', port: 80 },
      { name: 'other', port: 81, protocol: 'UDP' },
    ]
    await stage.ok(`echo '${service([one, other])}' | kubectl apply -f -`)
    assert.match(await stage.ok(`echo '${service([one, other])}' | kubectl apply -f -`), /unchanged/)
    await stage.ok(`echo '${service([one])}' | kubectl apply -f -`)
    assert.equal(await stage.ok('kubectl get service two -o jsonpath={.spec.ports[*].port}'), '80')
  })

  test('is deleted in kcp, and gone downstream when the command returns', async () => {
    await stage.ok('kubectl delete deployment kuard --timeout=30s')
    const result = await stage.run(
      `KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get deployment kuard -n ${namespace}`,
    )
    assert.match(result.output, /not found/)
  })
  test('a namespace deleted in kcp goes with all it had', async () => {
    await stage.ok('kubectl create namespace short')
    await stage.ok('kubectl create deployment -n short --image=i:1 web')
    await stage.eventually('kubectl get deployments -n short', /^web +1\/1 /m, 'web runs')
    await stage.ok('kubectl delete namespace short --timeout=60s')
    await stage.eventually(
      'KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get deployments -A',
      /^(?![\s\S]*\bweb\b)/,
      'web is gone downstream',
    )
  })
})
