// `kcp start` as people run it: files, restart, signals, and what it says when it cannot start.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type KcpProcess, spawnKcp } from '../harness/kcp-process.ts'

let directory = ''
let running: KcpProcess[] = []
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kcp-start-'))
  running = []
})
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ ended }) => ended))
  await rm(directory, { recursive: true })
})

function start(...args: string[]): KcpProcess {
  const kcp = spawnKcp(directory, ['start', '--secure-port=0', '--bind-address=127.0.0.1', ...args])
  running.push(kcp)
  return kcp
}

async function stop(kcp: KcpProcess): Promise<number | string> {
  kcp.child.kill('SIGTERM')
  return kcp.ended
}

const ready = / server: ready /

test('a first start writes its files; a restart keeps tokens, authority and objects', async () => {
  const first = start()
  await first.printed(ready)
  const kubeconfig = await readFile(first.kubeconfigPath, 'utf8')
  const authority = await readFile(join(directory, '.kcp', 'ca.crt'), 'utf8')
  for (const file of ['admin.kubeconfig', '.admin-token-store', 'apiserver.key', 'ca.key', 'sa.key']) {
    assert.equal((await stat(join(directory, '.kcp', file))).mode & 0o777, 0o600, file)
  }
  assert.equal(await stop(first), 0)
  const second = start()
  await second.printed(ready)
  const withoutPort = (text: string): string => text.replace(/127\.0\.0\.1:\d+/g, '')
  assert.equal(withoutPort(await readFile(second.kubeconfigPath, 'utf8')), withoutPort(kubeconfig))
  assert.equal(await readFile(join(directory, '.kcp', 'ca.crt'), 'utf8'), authority)
  assert.equal(await stop(second), 0)
})

test('no secret is printed', async () => {
  const kcp = start('-v=8')
  await kcp.printed(ready)
  const kubeconfig = await readFile(kcp.kubeconfigPath, 'utf8')
  const tokens = [...kubeconfig.matchAll(/token: (\S+)/g)].map(([, token = '']) => token)
  assert.equal(tokens.length, 2)
  for (const token of tokens) assert.equal(kcp.output().includes(token), false)
  assert.equal(await stop(kcp), 0)
})

test('a directory in use is refused, and what runs there goes on', async () => {
  const first = start()
  await first.printed(ready)
  const kubeconfig = await readFile(first.kubeconfigPath, 'utf8')
  const second = start()
  assert.equal(await second.ended, 1)
  assert.match(second.output(), /^Error: the directory .*\.kcp\/store is in use by another process/m)
  assert.equal(await readFile(first.kubeconfigPath, 'utf8'), kubeconfig)
  assert.equal(await stop(first), 0)
})

test('a taken port is named, and the kubeconfig is not touched', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const kcp = start(`--secure-port=${address.port}`)
  assert.equal(await kcp.ended, 1)
  const line = `Error: --secure-port ${address.port} on 127.0.0.1:${address.port} is in use by another process`
  assert.ok(kcp.output().includes(line), kcp.output())
  await assert.rejects(stat(kcp.kubeconfigPath))
  server.close()
})

test('a broken store is refused with what to do, and is not replaced', async () => {
  const first = start()
  await first.printed(ready)
  await stop(first)
  const file = join(directory, '.kcp', 'store', 'store.db')
  const garbage = Buffer.alloc(8192, 'x')
  await writeFile(file, garbage)
  const second = start()
  assert.equal(await second.ended, 1)
  assert.match(second.output(), /^Error: .*store/m)
  assert.deepEqual(await readFile(file), garbage)
})

const wrongArguments = [
  { args: ['start', '--foo'], line: 'Error: unknown flag: --foo\n' },
  {
    args: ['start', '--secure-port=x'],
    line: 'Error: invalid argument "x" for "--secure-port" flag: must be a whole number\n',
  },
  { args: ['stop'], line: 'Error: unknown command "stop" for "kcp"\n' },
]
for (const { args, line } of wrongArguments) {
  test(`exit 1 and one line: kcp ${args.join(' ')}`, async () => {
    const kcp = spawnKcp(directory, args)
    running.push(kcp)
    assert.equal(await kcp.ended, 1)
    assert.equal(kcp.output(), line)
  })
}

test('help and version go to the standard output', async () => {
  const texts = await Promise.all(
    [['--version'], ['start', 'options'], ['start', '--help']].map(async args => {
      const kcp = spawnKcp(directory, args)
      running.push(kcp)
      assert.equal(await kcp.ended, 0)
      return kcp.output()
    }),
  )
  assert.match(texts[0] ?? '', /^kcp version v1\.31\.\d+\+kcp-v0\.11\.0\n$/)
  assert.match(texts[1] ?? '', /--root-directory string/)
  assert.match(texts[2] ?? '', /--batteries-included/)
})
