// Who is let in and what is said to the others, over the network against a whole server.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { connectServer, type ServerConnection } from '../../api-client/transport/undici-transport.ts'
import { fixedToken, withToken } from '../../api-client/transport/with-token.ts'
import { generateEcKey, issueCertificate, privateKeyPem } from '../../kcp/bootstrap/issue-certificate.ts'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'

const secrets = { group: '', version: 'v1', resource: 'secrets' }
const serviceAccounts = { group: '', version: 'v1', resource: 'serviceaccounts' }
const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
const bindings = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterrolebindings' }

let directory = ''
let kcp: TestKcp
let root: Client
const connections: ServerConnection[] = []
const clientCertificate = { cert: '', key: '' }

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kcp-authentication-'))
  const tokenFile = join(directory, 'tokens.csv')
  await writeFile(tokenFile, 'eve-token,eve,7,"readers"\n')
  const clientCa = await issueClientCertificate()
  const caFile = join(directory, 'client-ca.crt')
  await writeFile(caFile, clientCa)
  kcp = await startTestKcp({ args: [`--token-auth-file=${tokenFile}`, `--client-ca-file=${caFile}`] })
  root = kcp.admin.cluster('root')
})
after(async () => {
  for (const connection of connections) await connection[Symbol.asyncDispose]()
  await kcp[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

async function issueClientCertificate(): Promise<string> {
  const [caKey, key] = await Promise.all([generateEcKey(), generateEcKey()])
  const dates = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) }
  const issuer = { subject: { commonName: 'client-ca' }, privateKey: caKey }
  const subject = { commonName: 'carol', organizations: ['readers'] }
  clientCertificate.cert = issueCertificate({ subject, purpose: 'client', ...dates }, key, issuer)
  clientCertificate.key = privateKeyPem(key)
  return issueCertificate({ subject: issuer.subject, purpose: 'authority', ...dates }, caKey, issuer)
}

function clientWith(options: { token?: string; certificate?: boolean } = {}): Client {
  const tls = { ca: kcp.certificateAuthority, ...(options.certificate ? clientCertificate : {}) }
  const connection = connectServer(kcp.url, { tls })
  connections.push(connection)
  const { token } = options
  return createClient(token === undefined ? connection.transport : withToken(connection.transport, fixedToken(token)))
}

async function read(client: Client, path: string): Promise<{ status: number; text: string }> {
  const response = await client.request({ method: 'GET', path, headers: {} })
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body) chunks.push(chunk)
  return { status: response.status, text: Buffer.concat(chunks).toString() }
}

function bindingFor(name: string, subject: object): KubeObject {
  const apiGroup = bindings.group
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [subject],
  }
}

test('without credentials only the open paths answer', async () => {
  const anonymous = clientWith()
  for (const path of ['/readyz', '/livez', '/healthz', '/clusters/root/readyz']) {
    assert.deepEqual(await read(anonymous, path), { status: 200, text: 'ok' }, path)
  }
  for (const path of ['/version', '/readyz/ping', '/clusters/root/api', '/clusters/', '/clusters//api']) {
    const { status, text } = await read(anonymous, path)
    assert.equal(status, 403)
    const asked = path.replace(/^\/clusters\/[^/]*/, '') || '/'
    const message = `forbidden: User "system:anonymous" cannot get path "${asked}": access denied`
    assert.equal(JSON.parse(text).message, message)
    assert.deepEqual(JSON.parse(text).details, {})
  }
})

test('a token nobody knows is a 401 everywhere', async () => {
  const stranger = clientWith({ token: 'wrong' })
  for (const path of ['/readyz', '/clusters/root/api']) {
    const { status, text } = await read(stranger, path)
    assert.equal(status, 401)
    assert.deepEqual(JSON.parse(text), {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    })
  }
})

test('an unknown cluster looks like one without access, but for system:masters', async () => {
  for (const cluster of ['root:nowhere', 'nowhere']) {
    const message =
      'namespaces is forbidden: User "kcp-admin" cannot list resource "namespaces" in API group "" at the cluster scope: access denied'
    await assert.rejects(kcp.admin.cluster(cluster).list(namespaces), { code: 403, message })
    assert.equal((await kcp.masters.cluster(cluster).list(namespaces)).items.length, 0)
  }
})

test('users of the token file and of client certificates are who they say, in their groups', async () => {
  for (const [client, username] of [
    [clientWith({ token: 'eve-token' }), 'eve'],
    [clientWith({ certificate: true }), 'carol'],
  ] as const) {
    const denied = `User "${username}" cannot list resource "namespaces"`
    await assert.rejects(client.cluster('root').list(namespaces), { code: 403, message: new RegExp(denied) })
  }
  await root.create(bindings, bindingFor('readers', { apiGroup: bindings.group, kind: 'Group', name: 'readers' }))
  assert.ok((await clientWith({ certificate: true }).cluster('root').list(namespaces)).items.length > 0)
  assert.ok((await clientWith({ token: 'eve-token' }).cluster('root').list(namespaces)).items.length > 0)
  await root.delete(bindings, { name: 'readers' })
  await assert.rejects(clientWith({ token: 'eve-token' }).cluster('root').list(namespaces), { code: 403 })
})

async function tokenSecretOf(name: string): Promise<KubeObject & { data: Record<string, string> }> {
  const list = await root.list<KubeObject & { data?: Record<string, string> }>(secrets, { namespace: 'default' })
  const isOurs = (secret: KubeObject): boolean =>
    secret.metadata.annotations?.['kubernetes.io/service-account.name'] === name
  const found = list.items.find(secret => isOurs(secret) && secret.data?.token !== undefined)
  if (found?.data) return { ...found, data: found.data }
  const signal = AbortSignal.timeout(10_000)
  const options = { namespace: 'default', resourceVersion: list.metadata.resourceVersion, signal }
  for await (const { object } of root.watch<KubeObject & { data?: Record<string, string> }>(secrets, options)) {
    if (isOurs(object) && object.data?.token !== undefined) return { ...object, data: object.data }
  }
  throw new Error(`no token secret for ${name}`)
}

test('the token of a Secret finds its own cluster, and is good while bound, Secret and account exist', async () => {
  const metadata = { name: 'robot', namespace: 'default' }
  await root.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  const secret = await tokenSecretOf('robot')
  const token = Buffer.from(secret.data.token ?? '', 'base64').toString()
  const robot = clientWith({ token })
  assert.equal((await read(robot, '/api')).status, 200)
  await assert.rejects(robot.list(namespaces), {
    code: 403,
    message: /User "system:serviceaccount:default:robot" cannot list/,
  })
  await root.create(bindings, bindingFor('robot', { kind: 'ServiceAccount', ...metadata }))
  assert.ok((await robot.list(namespaces)).items.length > 0)
  await root.delete(bindings, { name: 'robot' })
  await assert.rejects(robot.list(namespaces), { code: 403 })
  await root.delete(secrets, { namespace: 'default', name: secret.metadata.name })
  await assert.rejects(robot.list(namespaces), { code: 401 })
})

test('a requested token is bound to its account, and is refused when that was created anew', async () => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bound', namespace: 'default' } }
  await root.create(serviceAccounts, account)
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name: 'bound', namespace: 'default' },
    spec: {},
  }
  const requested = await root.create<KubeObject & { status?: { token: string; expirationTimestamp: string } }>(
    serviceAccounts,
    body,
    { name: 'bound', subresource: 'token' },
  )
  const client = clientWith({ token: requested.status?.token ?? '' })
  assert.equal((await read(client, '/clusters/root/version')).status, 200)
  await root.delete(serviceAccounts, { namespace: 'default', name: 'bound' })
  await root.create(serviceAccounts, account)
  assert.equal((await read(client, '/clusters/root/version')).status, 401)
})

test('reviews: who a token is, what a user may do', async () => {
  const post = async (resource: string, kind: string, spec: object): Promise<unknown> => {
    const group = resource === 'tokenreviews' ? 'authentication.k8s.io' : 'authorization.k8s.io'
    const object = { apiVersion: `${group}/v1`, kind, metadata: { name: '' }, spec }
    return (await root.create<KubeObject>({ group, version: 'v1', resource }, object)).status
  }
  assert.deepEqual(await post('tokenreviews', 'TokenReview', { token: 'wrong' }), {
    error: 'invalid bearer token',
    user: {},
  })
  const known = (await post('tokenreviews', 'TokenReview', { token: 'eve-token' })) as { user: { username: string } }
  assert.equal(known.user.username, 'eve')
  const resourceAttributes = { verb: 'create', resource: 'configmaps', namespace: 'default' }
  const own = await post('selfsubjectaccessreviews', 'SelfSubjectAccessReview', { resourceAttributes })
  assert.deepEqual(own, { allowed: true, reason: 'access granted' })
  const other = await post('subjectaccessreviews', 'SubjectAccessReview', { resourceAttributes, user: 'eve' })
  assert.deepEqual(other, { allowed: false, reason: 'access denied' })
})
