import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inClusterConfig } from './in-cluster.ts'
import { kubeconfigPaths, loadKubeconfig } from './load.ts'
import { clientConfigOf, resolveContext } from './resolve.ts'
import { updateKubeconfig } from './update.ts'

async function temporaryDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

const first = `apiVersion: v1
kind: Config
current-context: a
clusters:
- name: one
  cluster:
    server: https://one:6443/clusters/root/
    certificate-authority: ca.pem
    extensions: [{name: x, extension: {deep: 1}}]
contexts:
- name: a
  context: {cluster: one, user: me, namespace: ns}
users:
- name: me
  user: {token: secret}
unknown: {kept: true}
`
const second = JSON.stringify({
  'current-context': 'b',
  clusters: [
    { name: 'one', cluster: { server: 'https://shadowed' } },
    { name: 'two', cluster: { server: 'https://two' } },
  ],
  contexts: [{ name: 'b', context: { cluster: 'two', user: 'other' } }],
  users: [{ name: 'other', user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5' } }],
})

async function twoFiles(directory: string) {
  await writeFile(join(directory, 'first'), first)
  await writeFile(join(directory, 'second'), second)
  await writeFile(join(directory, 'ca.pem'), 'the ca')
  const KUBECONFIG = `${join(directory, 'first')}:${join(directory, 'missing')}:${join(directory, 'second')}`
  return loadKubeconfig({ env: { KUBECONFIG }, homeDirectory: directory })
}

test('which files are read', () => {
  const homeDirectory = '/home/u'
  assert.deepEqual(kubeconfigPaths({ env: {}, homeDirectory }), ['/home/u/.kube/config'])
  assert.deepEqual(kubeconfigPaths({ env: { KUBECONFIG: '/a::/b:/a' }, homeDirectory }), ['/a', '/b'])
  assert.deepEqual(kubeconfigPaths({ explicitPath: 'x', env: { KUBECONFIG: '/a' }, homeDirectory }), ['x'])
})

test('the first file that names an entry wins; paths are relative to their file', async () => {
  await using directory = await temporaryDirectory()
  const loaded = await twoFiles(directory.path)
  const config = await clientConfigOf(resolveContext(loaded))
  assert.deepEqual(config, {
    server: 'https://one:6443/clusters/root',
    tls: { ca: 'the ca' },
    credentials: { type: 'token', token: 'secret' },
    namespace: 'ns',
  })
  const other = await clientConfigOf(resolveContext(loaded, { context: 'b' }))
  assert.deepEqual(other, { server: 'https://two', tls: { cert: 'cert', key: 'key' }, credentials: { type: 'none' } })
})

test('bad choices are named', async () => {
  await using directory = await temporaryDirectory()
  const loaded = await twoFiles(directory.path)
  assert.throws(() => resolveContext(loaded, { context: 'zz' }), /context "zz" does not exist/)
  assert.throws(() => resolveContext(loaded, { cluster: 'zz' }), /cluster "zz" does not exist/)
  const explicitPath = join(directory.path, 'none')
  const sources = { explicitPath, env: {}, homeDirectory: directory.path }
  await assert.rejects(loadKubeconfig(sources), { message: `stat ${explicitPath}: no such file or directory` })
})

test('changes go where entries came from and keep everything else', async () => {
  await using directory = await temporaryDirectory()
  const loaded = await twoFiles(directory.path)
  await updateKubeconfig(loaded, {
    currentContext: 'new',
    contexts: { new: { cluster: 'two', user: 'me' }, b: undefined },
    clusters: { two: { ...loaded.clusters.get('two'), server: 'https://three' } },
  })
  const again = await twoFilesAsTheyAre(directory.path)
  assert.equal(again['current-context'], 'new')
  assert.equal(again.origins.get('contexts/new'), join(directory.path, 'first'))
  assert.equal(again.clusters.get('two')?.server, 'https://three')
  assert.equal(again.contexts.has('b'), false)
  const text = await readFile(join(directory.path, 'first'), 'utf8')
  assert.match(text, /kept: true/)
  assert.match(text, /deep: 1/)
  assert.match(text, /certificate-authority: ca\.pem/)
  assert.equal(JSON.parse(await readFile(join(directory.path, 'second'), 'utf8'))['current-context'], 'b')
})

function twoFilesAsTheyAre(directory: string) {
  const KUBECONFIG = `${join(directory, 'first')}:${join(directory, 'second')}`
  return loadKubeconfig({ env: { KUBECONFIG }, homeDirectory: directory })
}

test('a new file is private', async () => {
  await using directory = await temporaryDirectory()
  const loaded = await loadKubeconfig({ env: {}, homeDirectory: directory.path })
  await updateKubeconfig(loaded, { currentContext: 'x', contexts: { x: {} } })
  assert.equal((await stat(join(directory.path, '.kube', 'config'))).mode & 0o777, 0o600)
})

test('in the cluster: address from the environment, credentials from the folder', async () => {
  await using directory = await temporaryDirectory()
  await writeFile(join(directory.path, 'ca.crt'), 'ca')
  await writeFile(join(directory.path, 'token'), 'token')
  const env = {
    KUBERNETES_SERVICE_HOST: '::1',
    KUBERNETES_SERVICE_PORT: '443',
    KCP_SERVICE_ACCOUNT_DIRECTORY: directory.path,
  }
  assert.deepEqual(await inClusterConfig(env), {
    server: 'https://[::1]:443',
    tls: { ca: 'ca' },
    credentials: { type: 'token-file', path: join(directory.path, 'token') },
  })
  await assert.rejects(inClusterConfig({}), /KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined/)
})
