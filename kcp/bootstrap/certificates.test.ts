import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect, createServer } from 'node:tls'
import { ensureServingCertificate } from './certificates.ts'

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kcp-certificates-'))
})
after(() => rm(directory, { recursive: true, force: true }))

const at = (text: string) => (): Date => new Date(text)
const now = (): Date => new Date()

test('a leaf is kept while it covers all names, and issued again under the same authority when it does not', async () => {
  const first = await ensureServingCertificate({ directory, names: ['10.0.0.7'], now })
  const same = await ensureServingCertificate({ directory, names: ['10.0.0.7'], now })
  assert.equal(same.certificateChain, first.certificateChain)
  const wider = await ensureServingCertificate({ directory, names: ['10.0.0.7', 'kcp.example.com', 'fe80::1:2'], now })
  assert.notEqual(wider.certificateChain, first.certificateChain)
  assert.equal(wider.authority, first.authority)
  const leaf = new X509Certificate(wider.certificateChain)
  for (const name of ['localhost', 'kcp.example.com']) assert.equal(leaf.checkHost(name), name)
  for (const address of ['127.0.0.1', '::1', '10.0.0.7', 'fe80::1:2']) assert.equal(leaf.checkIP(address), address)
  assert.equal((await stat(join(directory, 'apiserver.key'))).mode & 0o777, 0o600)
  assert.equal(await readFile(join(directory, 'ca.crt'), 'utf8'), first.authority)
})

test('a leaf near its end is issued again', async () => {
  const first = await ensureServingCertificate({ directory, names: [], now: at('2030-01-01T00:00:00Z') })
  const kept = await ensureServingCertificate({ directory, names: [], now: at('2030-11-01T00:00:00Z') })
  const renewed = await ensureServingCertificate({ directory, names: [], now: at('2030-12-20T00:00:00Z') })
  assert.equal(kept.certificateChain, first.certificateChain)
  assert.notEqual(renewed.certificateChain, first.certificateChain)
})

test('a TLS client that trusts the authority accepts the server', async () => {
  const own = await mkdtemp(join(tmpdir(), 'kcp-certificates-'))
  const pair = await ensureServingCertificate({ directory: own, names: [], now })
  const server = createServer({ cert: pair.certificateChain, key: pair.privateKey }, socket => socket.end())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const socket = connect({ host: '127.0.0.1', port: address.port, ca: pair.authority })
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  assert.equal(socket.authorized, true)
  socket.destroy()
  server.close()
  await rm(own, { recursive: true })
})
