// The simulated physical cluster on its own: it behaves like Kubernetes where it claims to, and says that it is simulated.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { seedNames } from '../../scripts/walk/steps.ts'
import { openStage, performWalk, type Stage } from '../harness/walk.ts'

describe('a simulated cluster', () => {
  let stage: Stage
  before(async () => {
    stage = openStage()
    await stage.startPcluster('kind', ['--fail-image', 'broken'])
  })
  after(() => stage[Symbol.asyncDispose]())
  const kubectl = (args: string) => stage.down('kind', `kubectl ${args}`)
  const eventually = (args: string, pattern: RegExp, what: string) =>
    stage.eventually(`KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl ${args}`, pattern, what)

  test('says what it is in its version and in the name of its node', async () => {
    assert.match(await kubectl('version'), /v1\.31\.\d+\+simulated/)
    assert.match(await kubectl('get nodes'), /simulated\S* +Ready/)
  })
  test('runs a deployment, and garbage collects all of it', async () => {
    await kubectl('create deployment web --image=nginx --replicas=2')
    await kubectl('rollout status deployment/web --timeout=30s')
    await kubectl('delete deployment web')
    await eventually('get replicasets,pods', /No resources found/, 'replica sets and pods are gone')
  })
  test('a deployment takes over what one of its name left behind', async () => {
    await kubectl('create deployment kept --image=nginx --replicas=2')
    await kubectl('rollout status deployment/kept --timeout=30s')
    const running = await kubectl('get replicasets,pods -l app=kept -o name')
    await kubectl('delete deployment kept --cascade=orphan')
    await kubectl('create deployment kept --image=nginx --replicas=2')
    await kubectl('rollout status deployment/kept --timeout=30s')
    assert.equal(await kubectl('get replicasets,pods -l app=kept -o name'), running)
    await kubectl('delete deployment kept --cascade=foreground --timeout=30s')
    assert.match(await kubectl('get replicasets,pods -l app=kept'), /No resources found/)
  })
  test('a pod whose image fails stays unready', async () => {
    await kubectl('create deployment bad --image=example.io/broken:1')
    await eventually('get pods -l app=bad', /0\/1 +ImagePullBackOff/, 'the pod says why')
    assert.match(await kubectl('get deployment bad'), /0\/1/)
  })
  test('a pod that no node fits stays Pending, and says why', async () => {
    await kubectl(`run lost --image=nginx --overrides='{"spec":{"nodeSelector":{"disk":"gold"}}}'`)
    await eventually(
      'get pod lost -o jsonpath={.status.conditions}',
      /didn't match Pod's node affinity/,
      'the pod says why',
    )
    assert.match(await kubectl('get pod lost'), /0\/1 +Pending/)
  })
  test('a Service gets an address and its Endpoints follow the pods', async () => {
    await kubectl('create deployment api --image=nginx --port=80 --replicas=2')
    await kubectl('expose deployment api --port=8080 --target-port=80')
    await eventually('get endpoints api', /10\.244\.\d+\.\d+:80,10\.244\.\d+\.\d+:80/, 'two addresses')
    assert.match(await kubectl('get service api'), /10\.96\.\d+\.\d+/)
  })
  test('serves custom resources', async () => {
    writeFileSync(join(stage.cwd, 'crd.yaml'), crd)
    await kubectl('apply -f crd.yaml')
    await kubectl('wait --for=condition=Established crd/widgets.example.io --timeout=30s')
    writeFileSync(
      join(stage.cwd, 'widget.yaml'),
      'apiVersion: example.io/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n',
    )
    await eventually('apply -f widget.yaml', /widget.example.io\/w (created|unchanged)/, 'a widget is created')
    assert.match(await kubectl('get widgets w -o jsonpath={.spec.size}'), /^3$/)
  })
  test('a namespace goes with everything in it', async () => {
    await kubectl('create namespace gone')
    await kubectl('create deployment -n gone web --image=nginx')
    await kubectl('delete namespace gone --timeout=30s')
  })
})

const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.io}
spec:
  group: example.io
  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
`

describe('a syncer pod', { skip: process.platform !== 'linux' && 'looks for processes in /proc' }, () => {
  let stage: Stage
  before(async () => {
    stage = openStage()
    await performWalk(stage, seedNames)
  })
  after(() => stage[Symbol.asyncDispose]())
  const columns = 'NS:.metadata.namespace,N:.metadata.name,U:.metadata.uid'
  const processesOf = () => {
    const found = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    return found.split('\n').filter(line => line.includes('syncer.mjs') && line.includes(stage.cwd))
  }
  const syncers = () => processesOf().length

  test('has a folder, an environment and tokens of its own, which die with it', async () => {
    const found = await stage.down('kind', `kubectl get pods -A -o custom-columns=${columns} --no-headers`)
    const [namespace = '', name = '', uid = ''] = /^kcp-syncer-.*$/m.exec(found)?.[0].split(/ +/) ?? []
    const folder = join(stage.cwd, '.pcluster', 'kind', 'pods', uid)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const volumes = readdirSync(join(folder, 'volumes')).map(volume => join(folder, 'volumes', volume, 'token'))
    const token = readFileSync(volumes.find(file => existsSync(file)) ?? '', 'utf8')
    // The flag wins over the credentials of the file.
    const may = async (what: string) =>
      (await stage.run(`KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl auth can-i ${what} --token ${token}`)).output
    const whoAmI = await stage.down('kind', `kubectl auth whoami --token ${token}`)
    assert.match(whoAmI, new RegExp(`system:serviceaccount:${namespace}:`))
    assert.match(await may('create namespaces'), /^yes/m)
    assert.match(await may('delete nodes'), /^no/m)
    const pid = /^ *(\d+)/.exec(processesOf().find(line => line.includes(folder)) ?? '')?.[1]
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const named = variables.map(variable => variable.split('=')[0])
    assert.ok(named.includes('KUBERNETES_SERVICE_HOST'))
    assert.deepEqual(
      ['HOME', 'KUBECONFIG', 'USER'].filter(each => named.includes(each)),
      [],
    )
    await stage.down('kind', `kubectl delete pod -n ${namespace} ${name}`)
    await stage.until('the token is worth nothing', async () =>
      /Unauthorized|logged in/.test(await may('create namespaces')) ? true : undefined,
    )
    await stage.until('its folder is gone', async () => (existsSync(folder) ? undefined : true))
  })
  test('is one process, and another one after the pod is deleted', async () => {
    await stage.until('a syncer', async () => (syncers() > 0 ? true : undefined))
    await stage.down('kind', 'kubectl delete pods -A -l app --field-selector metadata.namespace!=default --wait=false')
    await stage.until('the syncer is back', async () => (syncers() > 0 ? true : undefined))
    await stage.ok('kubectl create configmap again --from-literal=a=b')
    await stage.eventually('KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl get configmaps -A', /again/, 'it syncs')
  })
  test('a deployment in kcp whose image fails stays 0/1 there too', async () => {
    await stage.stop('kind')
    assert.equal(stage.servers.get('kind')?.exit(), 0)
    assert.equal(syncers(), 0)
    await stage.ok(`kubectl create deployment sick --image=example.io/broken:1`)
    await stage.servers.get('kind')?.stop()
    await stage.startPcluster('kind', ['--fail-image', 'broken'])
    await stage.eventually(
      'kubectl get deployment sick -o jsonpath={.status.unavailableReplicas}',
      /^1$/,
      'kcp knows it is unavailable',
    )
    assert.match(await stage.ok('kubectl get deployment sick'), /0\/1/)
  })
  test('ends with its cluster, also when that is killed', async () => {
    await stage.stop('kind', 'SIGKILL')
    await stage.until('no syncer process is left', async () => (syncers() === 0 ? true : undefined))
  })
})
