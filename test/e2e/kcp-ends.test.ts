// How `kcp start` ends: after a signal with the answers it owes, and by itself when its disk fails.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type KcpProcess, spawnKcp } from '../harness/kcp-process.ts'

let directory = ''
let running: KcpProcess[] = []
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kcp-ends-'))
  running = []
})
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ ended }) => ended))
  await rm(directory, { recursive: true })
})

interface Started {
  readonly kcp: KcpProcess
  /** A request to the root workspace, not sent yet. */
  send(method: string, path: string, headers?: Record<string, string | number>): ReturnType<typeof request>
}

async function start(launcher: readonly string[] = []): Promise<Started> {
  const kcp = spawnKcp(directory, ['start', '--secure-port=0', '--bind-address=127.0.0.1'], launcher)
  running.push(kcp)
  const [, port = ''] = await kcp.printed(/server: ready url=https:\/\/127\.0\.0\.1:(\d+)/)
  const [ca, kubeconfig] = await Promise.all([
    readFile(join(directory, '.kcp', 'ca.crt')),
    readFile(kcp.kubeconfigPath, 'utf8'),
  ])
  const authorization = `Bearer ${/token: (\S+)/.exec(kubeconfig)?.[1]}`
  return {
    kcp,
    send: (method, path, headers = {}) =>
      request({
        host: '127.0.0.1',
        port,
        ca,
        method,
        agent: false,
        path: `/clusters/root${path}`,
        headers: { authorization, 'content-type': 'application/json', ...headers },
      }),
  }
}

const configMaps = '/api/v1/namespaces/default/configmaps'

function configMap(name: string, text = ''): Buffer {
  return Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text } }))
}

async function answer(sent: ReturnType<typeof request>): Promise<{ status: number | undefined; text: string }> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, text }
}

test('SIGTERM: what is being asked is still answered, watches end, and nothing waits for the deadline', async () => {
  const { kcp, send } = await start()
  const watch = send('GET', `${configMaps}?watch=true`)
  watch.end()
  const [events] = (await once(watch, 'response')) as [IncomingMessage]
  events.resume()
  const watchEnded = once(events, 'close')
  const body = configMap('late')
  const create = send('POST', configMaps, { 'content-length': body.length })
  const answered = answer(create)
  create.write(body.subarray(0, 10))
  // The half of a body has arrived when a request after it has been answered.
  const after = send('GET', configMaps)
  after.end()
  assert.equal((await answer(after)).status, 200)
  kcp.child.kill('SIGTERM')
  await kcp.printed(/server: stopping/)
  await watchEnded
  create.end(body.subarray(10))
  assert.equal((await answered).status, 201)
  assert.equal(await kcp.ended, 0)
  assert.doesNotMatch(kcp.output(), /ERROR|did not end in time/)
  const again = await start()
  const read = again.send('GET', `${configMaps}/late`)
  read.end()
  assert.equal((await answer(read)).status, 200)
})

test('a disk that fails ends the process with what to do, and what was acknowledged is there afterwards', async () => {
  // No file may grow beyond some megabytes: the write-ahead log meets that first.
  const { kcp, send } = await start(['/bin/sh', '-c', 'ulimit -f 6144; exec "$@"', 'sh'])
  const acknowledged: string[] = []
  const text = 'x'.repeat(500_000)
  for (let status: number | undefined = 201; status === 201; ) {
    const name = `big-${acknowledged.length}`
    const create = send('POST', configMaps)
    create.end(configMap(name, text))
    status = (await answer(create)).status
    if (status === 201) acknowledged.push(name)
    else assert.equal(status, 500)
  }
  assert.equal(await kcp.ended, 1)
  assert.match(kcp.output(), /ERROR server: this server cannot go on .*can no longer be written/)
  assert.match(kcp.output(), /^Error: the store can no longer be written: .*Check the disk and start again\.$/m)
  const again = await start()
  const list = again.send('GET', configMaps)
  list.end()
  const { items } = JSON.parse((await answer(list)).text) as { items: { metadata: { name: string } }[] }
  const found = new Set(items.map(item => item.metadata.name))
  assert.deepEqual(
    acknowledged.filter(name => !found.has(name)),
    [],
  )
})
