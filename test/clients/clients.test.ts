// The official Python client, and a controller on client-go (protobuf, leader election, informer) that lives through
// restarts of its server. Not part of `npm test`: they need Python or Go, and what those download.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Server, startServer } from '../../scripts/walk/processes.ts'
import { openStage, root, type Stage } from '../harness/walk.ts'
import { type Found, goController, pythonWithClient } from './programs.ts'

const python = pythonWithClient()
const controller = goController()
const skipOf = (found: Found) => 'missing' in found && found.missing
const fileOf = (found: Found) => ('file' in found ? found.file : '')

let stage: Stage
before(async () => {
  if (skipOf(python) && skipOf(controller)) return
  stage = openStage()
  await Promise.all([stage.startKcp(), stage.startPcluster('kind')])
  await stage.ok('kubectl ws create clients --enter')
})
after(() => stage?.[Symbol.asyncDispose]())

const places = { kcp: '.kcp/admin.kubeconfig', kind: '.pcluster/kind/admin.kubeconfig' }

for (const [server, kubeconfig] of Object.entries(places)) {
  test(`Python: list, watch, patch, dynamic (${server})`, { skip: skipOf(python) }, async () => {
    const output = await stage.ok(`${fileOf(python)} ${join(root, 'test/clients/python/everyday.py')} ${kubeconfig}`)
    assert.match(output, /^list: ok\nwatch: ok\npatch: ok\ndynamic: ok\ndeletecollection: ok$/m)
  })

  describe(`client-go, in protobuf (${server})`, { skip: skipOf(controller) }, () => {
    const kubectl = (args: string) => stage.ok(`KUBECONFIG=${kubeconfig} kubectl ${args}`)
    const create = async (name: string, n: number) => {
      await kubectl(`create configmap ${name} --from-literal=n=${n}`)
      await kubectl(`label configmap ${name} by=go`)
    }
    const start = (identity: string): Server => {
      const logFile = join(stage.cwd, `${server}-${identity}.log`)
      const command = [fileOf(controller), kubeconfig, identity]
      return startServer(identity, command, { cwd: stage.cwd, env: stage.env, logFile })
    }
    const says = (who: Server, line: RegExp) =>
      stage.until(`${line} of ${who.name}`, async () => line.test(who.log()) || undefined)
    let first: Server
    let second: Server
    after(async () => {
      await first?.stop()
      await second?.stop()
    })

    test('one of two leads, lists and writes', async () => {
      await create('before', 1)
      first = start('first')
      await says(first, /^leading first$[\s\S]*^added before 1$[\s\S]*^synced, own write: <nil>$/m)
      second = start('second')
      await create('one', 1)
      await says(first, /^added one 1$/m)
    })
    test('the server is killed and comes back: nothing is lost, nothing told twice, the leader stays', async () => {
      await stage.stop(server, 'SIGKILL')
      await stage.restart(server)
      await kubectl(`patch configmap one -p '{"data":{"n":"2"}}'`)
      await create('two', 1)
      await kubectl('delete configmap before')
      await says(first, /^deleted before 1$/m)
      const told = first.log()
      for (const line of ['updated one 2', 'added two 1', 'added one 1', 'deleted before 1'])
        assert.equal(told.split('\n').filter(each => each === line).length, 1, `${line} in\n${told}`)
      assert.doesNotMatch(told, /^stopped/m)
      assert.doesNotMatch(second.log(), /^leading/m)
    })
    test('the leader ends: the other takes over', async () => {
      await first.stop()
      assert.match(first.log(), /^stopped first$/m)
      await says(second, /^leading second$[\s\S]*^added one 2$/m)
    })
  })
}
