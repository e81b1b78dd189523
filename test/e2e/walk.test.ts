// The walk-through of the README, command by command, with real programs and a real kubectl.
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { logStep, seedNames, walkSteps } from '../../scripts/walk/steps.ts'
import { openStage, placesOf, type Stage } from '../harness/walk.ts'

describe('the walk as printed', () => {
  let stage: Stage
  before(async () => {
    stage = openStage()
    await Promise.all([stage.startKcp(), stage.startPcluster(seedNames.target)])
  })
  after(() => stage[Symbol.asyncDispose]())

  let pods = ''
  for (const step of walkSteps(seedNames, placesOf(seedNames.target))) {
    test(`$ ${step.command}`, async () => {
      pods = await stage.step(step)
    })
  }
  test('the log of the pod says that it is simulated', async () => {
    assert.match(await stage.step(logStep(seedNames, placesOf(seedNames.target), pods)), /simulated/)
  })
  test('the manifest with the token is readable by its owner only', () => {
    assert.equal(statSync(join(stage.cwd, 'syncer-kind-main.yaml')).mode & 0o777, 0o600)
  })
  test('the manifest applied twice changes nothing', async () => {
    const output = await stage.down('kind', 'kubectl apply -f syncer-kind-main.yaml')
    assert.deepEqual(
      output.split('\n').filter(line => line !== '' && !line.endsWith(' unchanged')),
      [],
    )
  })
  test('the syncer may do in the physical cluster what it needs, and no more', async () => {
    const id = /(kcp-syncer-kind-\w+)/.exec(await stage.down('kind', 'kubectl get namespaces -o name'))?.[1] ?? ''
    const can = async (question: string) =>
      (
        await stage.run(
          `KUBECONFIG=.pcluster/kind/admin.kubeconfig kubectl auth can-i ${question} --as system:serviceaccount:${id}:${id}`,
        )
      ).output.trim()
    for (const allowed of ['patch deployments.apps', 'delete configmaps', 'create namespaces']) {
      assert.match(await can(`${allowed} -A`), /^yes/, allowed)
    }
    for (const denied of [
      '"*" "*"',
      'update deployments.apps',
      'delete nodes',
      'create clusterrolebindings',
      'create pods --subresource=exec',
    ]) {
      assert.match(await can(`${denied} -A`), /no/, denied)
    }
  })
})

describe('the walk with other names, in the v0.11 spelling', () => {
  let stage: Stage
  before(async () => {
    stage = openStage()
    await Promise.all([stage.startKcp(), stage.startPcluster('edge-1')])
  })
  after(() => stage[Symbol.asyncDispose]())

  test('bound from inside the application workspace, by the name that kubectl ws . prints', async () => {
    await stage.ok('kubectl ws create places --enter')
    await stage.ok('kubectl ws')
    await stage.ok('kubectl ws create sites --enter')
    const printed = /"(.+)"/.exec(await stage.ok('kubectl ws .'))?.[1] ?? ''
    assert.match(printed, /^\w+:sites$/)
    await stage.ok('kubectl kcp workload sync edge-1 --syncer-image example.io/syncer:v1 -o edge.yaml')
    await stage.down('edge-1', 'kubectl apply -f edge.yaml')
    await stage.ok('kubectl ws root')
    await stage.ok('kubectl ws create shop --enter')
    assert.match(await stage.ok(`kubectl kcp bind compute ${printed}`), /Placement "placement-\w+" is ready\./)
    await stage.ok('kubectl create namespace store')
    await stage.ok('kubectl create deployment -n store --image=example.io/till:1 till --replicas=2')
    await stage.eventually('kubectl get deployments -n store', /^till +2\/2 +2 +2 +/m, 'till is available in kcp')
  })
})
