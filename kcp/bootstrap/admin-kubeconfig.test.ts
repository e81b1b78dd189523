import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { parse, stringify } from 'yaml'
import { type AdminTokens, loadAdminTokens, writeAdminKubeconfig } from './admin-kubeconfig.ts'

let directory = ''
let tokens = 0
let options: { kubeconfigPath: string; tokenStorePath: string }
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kcp-kubeconfig-'))
  options = {
    kubeconfigPath: join(directory, 'admin.kubeconfig'),
    tokenStorePath: join(directory, '.admin-token-store'),
  }
})

async function start(url = 'https://10.0.0.7:6443'): Promise<AdminTokens> {
  const made = await loadAdminTokens(options, { withUser: false, newToken: () => `token-${++tokens}` })
  await writeAdminKubeconfig(options, { url, certificateAuthority: 'PEM' }, made)
  return made
}
afterEach(() => rm(directory, { recursive: true }))

const read = async (): Promise<Record<string, never>> => parse(await readFile(options.kubeconfigPath, 'utf8'))

test('the first start writes the three contexts of kcp', async () => {
  const made = await start()
  const file = JSON.parse(JSON.stringify(await read()))
  const authority = { 'certificate-authority-data': Buffer.from('PEM').toString('base64') }
  assert.deepEqual(file, {
    apiVersion: 'v1',
    clusters: [
      { cluster: { ...authority, server: 'https://10.0.0.7:6443' }, name: 'base' },
      { cluster: { ...authority, server: 'https://10.0.0.7:6443/clusters/root' }, name: 'root' },
    ],
    contexts: [
      { context: { cluster: 'base', user: 'kcp-admin' }, name: 'base' },
      { context: { cluster: 'root', user: 'kcp-admin' }, name: 'root' },
      { context: { cluster: 'base', user: 'shard-admin' }, name: 'system:admin' },
    ],
    'current-context': 'root',
    kind: 'Config',
    preferences: {},
    users: [
      { user: { token: made.kcpAdmin }, name: 'kcp-admin' },
      { user: { token: made.shardAdmin }, name: 'shard-admin' },
    ],
  })
  assert.equal((await stat(options.kubeconfigPath)).mode & 0o777, 0o600)
  const store = await readFile(options.tokenStorePath)
  assert.equal(store.length, 32)
})

test('a restart keeps tokens and foreign contexts, which follow the server to its new address', async () => {
  const made = await start()
  const file = JSON.parse(JSON.stringify(await read()))
  file.clusters.push({ name: 'mine', cluster: { server: 'https://10.0.0.7:6443/clusters/abc', extra: 1 } })
  file.clusters.push({ name: 'else', cluster: { server: 'https://10.0.0.7:64430' } })
  file.contexts.push({ name: 'mine', context: { cluster: 'mine', user: 'kcp-admin' } })
  file['current-context'] = 'mine'
  await writeFile(options.kubeconfigPath, stringify(file))
  const again = await start('https://10.0.0.8:7443')
  assert.deepEqual(again, made)
  const kept = JSON.parse(JSON.stringify(await read()))
  assert.equal(kept['current-context'], 'mine')
  const servers = kept.clusters.map((entry: { name: string; cluster: { server: string } }) => entry.cluster.server)
  assert.deepEqual(servers, [
    'https://10.0.0.8:7443',
    'https://10.0.0.7:64430',
    'https://10.0.0.8:7443/clusters/abc',
    'https://10.0.0.8:7443/clusters/root',
  ])
})

test('a shard-admin token that does not match the store stops the start with what to do', async () => {
  await start()
  await writeFile(options.tokenStorePath, Buffer.alloc(32))
  await assert.rejects(start(), {
    message: `admin token in file "${options.kubeconfigPath}" is not valid anymore. Remove file "${options.tokenStorePath}" and restart KCP`,
  })
  await rm(options.kubeconfigPath)
  await assert.rejects(start(), /with an empty token for the shard-admin user/)
})
