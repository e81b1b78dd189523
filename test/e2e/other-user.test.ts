// The walk as somebody who may do nothing in root: everything lies in that user's home, and all names are other ones.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { homeBucketPath } from '../../api/names/derived-names.ts'
import { logStep, seedNames, type WalkNames, walkSteps } from '../../scripts/walk/steps.ts'
import { openStage, placesOf, type Stage } from '../harness/walk.ts'

const names: WalkNames = {
  ...seedNames,
  user: 'user',
  locations: 'sites',
  target: 'edge-7',
  apps: 'shop',
  app: 'till',
  bindPath: `${homeBucketPath('user')}:sites`,
  image: 'example.io/shop/till:3',
  port: 9090,
}

describe('the walk as another user, with other names', () => {
  let stage: Stage
  before(async () => {
    stage = openStage()
    await Promise.all([stage.startKcp(['--batteries-included=+user']), stage.startPcluster(names.target)])
    await stage.ok('kubectl config use-context user')
  })
  after(() => stage[Symbol.asyncDispose]())

  test('root is not his, and the shell may expand ~', async () => {
    assert.match((await stage.run('kubectl ws create sites')).output, /User "user" cannot create resource "workspaces"/)
    assert.match(await stage.ok('kubectl ws ~'), /^Current workspace is "\w+"\.$/m)
  })

  let pods = ''
  for (const step of walkSteps(names, placesOf(names.target))) {
    test(`$ ${step.command}`, async () => {
      pods = await stage.step(step)
    })
  }
  test('and the log', async () => {
    assert.match(await stage.step(logStep(names, placesOf(names.target), pods)), /simulated/)
  })

  test("another user's home is not entered and not bound", async () => {
    await stage.ok('kubectl config use-context root')
    await stage.ok('kubectl ws')
    await stage.ok('kubectl ws create private')
    await stage.ok('kubectl config use-context user')
    const bound = await stage.run('kubectl kcp bind compute user:kcp-admin:private')
    assert.equal(bound.code, 1)
    assert.match(bound.output, /does not exist or you have no access to it/)
    assert.match((await stage.run('kubectl ws user:kcp-admin')).output, /access to workspace user:kcp-admin denied/)
  })
})
