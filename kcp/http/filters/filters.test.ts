import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { UserInfo } from '../../../api/user.ts'
import { type Attributes, allow, noOpinion } from '../../auth/authorizer.ts'
import type { ApiRequest, ApiResponse, Handler } from '../exchange.ts'
import { jsonResponse } from '../responses.ts'
import { withCluster } from './with-cluster.ts'
import { withImpersonation } from './with-impersonation.ts'
import { withPanicRecovery } from './with-panic-recovery.ts'
import { withPrettyJson } from './with-pretty-json.ts'
import { withResponseHeaders } from './with-response-headers.ts'
import { withServiceAccountCluster } from './with-service-account-cluster.ts'
import { withTimeout } from './with-timeout.ts'

const request = (members: Partial<ApiRequest>): ApiRequest => ({
  method: 'GET',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: async () => new Uint8Array(),
  signal: new AbortController().signal,
  remoteAddress: '',
  cluster: '',
  clusterPath: '',
  warnings: [],
  ...members,
})

/** Answers nothing, remembers what came through. */
function recorder(): { handler: Handler; seen: ApiRequest[] } {
  const seen: ApiRequest[] = []
  const handler: Handler = async each => {
    seen.push(each)
    return jsonResponse(200, {})
  }
  return { handler, seen }
}

describe('the logical cluster of a path', () => {
  const cases: [path: string, want: { cluster: string; clusterPath: string; path: string }][] = [
    ['/clusters/root/api', { cluster: 'root', clusterPath: 'root', path: '/api' }],
    ['/clusters/root:a/api', { cluster: 'hash', clusterPath: 'root:a', path: '/api' }],
    ['/clusters/root:gone/api', { cluster: 'root:gone', clusterPath: 'root:gone', path: '/api' }],
    ['/clusters/*/api', { cluster: '*', clusterPath: '*', path: '/api' }],
    ['/clusters/system:admin', { cluster: 'system:admin', clusterPath: 'system:admin', path: '/' }],
    ['/api', { cluster: '', clusterPath: '', path: '/api' }],
    ['/clusters/', { cluster: '', clusterPath: '', path: '/' }],
    ['/clusters//api', { cluster: '', clusterPath: '', path: '/api' }],
  ]
  const resolve = (path: string) =>
    ({ 'root:a': 'hash', 'root:gone': undefined })[path] ?? (path.includes(':g') ? undefined : path)
  for (const [path, want] of cases) {
    test(path, async () => {
      const { handler, seen } = recorder()
      await withCluster(resolve)(handler)(request({ path }))
      const [{ cluster, clusterPath, path: below } = request({})] = seen
      assert.deepEqual({ cluster, clusterPath, path: below }, want)
    })
  }
})

describe('a pod with a token and a plain address', () => {
  const tokenOf = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`
  const bound = tokenOf({ 'kubernetes.io': { clusterName: 'c1' } })
  const legacy = tokenOf({ 'kubernetes.io/serviceaccount/clusterName': 'c2' })
  const cases: [name: string, path: string, headers: Record<string, string>, want: string][] = [
    ['bound token', '/api', { authorization: `Bearer ${bound}` }, '/clusters/c1/api'],
    ['legacy token', '/api', { authorization: `Bearer ${legacy}` }, '/clusters/c2/api'],
    ['a path that names its cluster', '/clusters/x/api', { authorization: `Bearer ${bound}` }, '/clusters/x/api'],
    ['a virtual workspace', '/services/x', { authorization: `Bearer ${bound}` }, '/services/x'],
    [
      'a request between shards',
      '/api',
      { authorization: `Bearer ${bound}`, 'x-kubernetes-sharded-request': '1' },
      '/api',
    ],
    ['no such claim', '/api', { authorization: `Bearer ${tokenOf({})}` }, '/api'],
    ['no JWT', '/api', { authorization: 'Bearer a.b.c' }, '/api'],
    ['no token', '/api', {}, '/api'],
  ]
  for (const [name, path, headers, want] of cases) {
    test(name, async () => {
      const { handler, seen } = recorder()
      await withServiceAccountCluster()(handler)(request({ path, headers }))
      assert.equal(seen[0]?.path, want)
    })
  }
})

describe('impersonation', () => {
  const user: UserInfo = { username: 'admin', groups: [] }

  async function impersonate(
    headers: Record<string, string>,
  ): Promise<{ asked: string[]; user: UserInfo | undefined }> {
    const { handler, seen } = recorder()
    const asked: string[] = []
    const authorize = async ({ group, resource, subresource, namespace, name }: Attributes) => {
      asked.push([group, resource, subresource, namespace, name].join('/'))
      return allow('tests')
    }
    await withImpersonation(authorize)(handler)(request({ user, headers }))
    return { asked, user: seen[0]?.user }
  }

  test('of a user with groups and extra', async () => {
    const headers = { 'impersonate-user': 'bob', 'impersonate-group': 'a, b', 'impersonate-extra-scopes': 'x' }
    assert.deepEqual(await impersonate(headers), {
      asked: ['/users///bob', '/groups///a', '/groups///b', 'authentication.k8s.io/userextras/scopes//x'],
      user: { username: 'bob', groups: ['a', 'b', 'system:authenticated'], extra: { scopes: ['x'] } },
    })
  })

  test('of extra whose key is escaped, also wrongly', async () => {
    const headers = { 'impersonate-user': 'bob', 'impersonate-extra-a%2Fb': 'x', 'impersonate-extra-%E0%A4%A': 'y' }
    assert.deepEqual((await impersonate(headers)).user?.extra, { 'a/b': ['x'], '%E0%A4%A': ['y'] })
  })

  test('of a service account brings its groups', async () => {
    const { asked, user: found } = await impersonate({ 'impersonate-user': 'system:serviceaccount:ns:sa' })
    assert.deepEqual(asked, ['/serviceaccounts//ns/sa'])
    assert.deepEqual(found?.groups, ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'])
  })

  test('is refused where one part is not permitted', async () => {
    const { handler, seen } = recorder()
    const authorize = async ({ resource }: Attributes) => (resource === 'users' ? allow('tests') : noOpinion('tests'))
    const headers = { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' }
    await assert.rejects(withImpersonation(authorize)(handler)(request({ user, headers })), { code: 403 })
    assert.equal(seen.length, 0)
  })

  test('of groups without a user is a bad request', async () => {
    await assert.rejects(impersonate({ 'impersonate-group': 'system:masters' }), { code: 400 })
  })
})

test('an unknown error is logged and answered without its stack', async () => {
  const logged: object[] = []
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => logged.push(fields) }
  const broken: Handler = async () => {
    throw new Error('boom')
  }
  const { status, body } = await withPanicRecovery(log)(broken)(request({}))
  assert.deepEqual([status, JSON.parse(String(body)).message], [500, 'Internal error occurred: boom'])
  assert.equal(logged.length, 1)
})

test('a request that is not answered in time is 504', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const never: Handler = () => new Promise(() => {})
  const refused = assert.rejects(withTimeout()(never)(request({ query: new URLSearchParams('timeout=5s') })), {
    code: 504,
  })
  t.mock.timers.tick(5000)
  await refused
})

describe('a time limit', () => {
  const done: Handler = async () => ({ status: 200, headers: {}, body: '' })
  const ask = (timeout: string) => withTimeout()(done)(request({ query: new URLSearchParams({ timeout }) }))
  for (const text of ['', '0', '1s', '1h1.5m', '-1s', '.5s', '+2ms', '9999h']) {
    test(`of ${JSON.stringify(text)} is a duration`, async () => assert.equal((await ask(text)).status, 200))
  }
  for (const [text, problem] of [
    ['x', 'invalid duration "x"'],
    ['-', 'invalid duration "-"'],
    ['5', 'missing unit in duration "5"'],
    ['1s5', 'missing unit in duration "1s5"'],
    ['5x', 'unknown unit "x" in duration "5x"'],
  ] as const) {
    const message = `invalid timeout specified in the request URL - time: ${problem}`
    test(`of ${JSON.stringify(text)} is none`, () => assert.rejects(ask(text), { code: 400, message }))
  }
})

describe('warnings', () => {
  const warned = async (...warnings: string[]) => {
    const filter = withResponseHeaders(() => 'id')
    const handler = filter(async () => ({ status: 200, headers: {}, body: '' }))
    const { headers } = await handler(request({ warnings }))
    return Buffer.from(headers.warning ?? '', 'latin1').toString()
  }
  test('are quoted, in UTF-8, without control characters, each once', async () => {
    assert.equal(await warned('say "ä"\n\\', 'b', 'b'), '299 - "say \\"ä\\"\\\\", 299 - "b"')
  })
  test('are cut when they are too many', async () => {
    const header = await warned(...Array.from({ length: 100 }, (_, index) => `${index}${'x'.repeat(300)}`))
    assert.ok(header.length < 5_000 && /^299 - "0x{255}", /.test(header))
  })
})

describe('pretty JSON', () => {
  const shown = async (query: string, agent: string, body: ApiResponse['body'] = '{"a":[9223372036854775807]}') => {
    const handler = withPrettyJson()(async () => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body,
    }))
    const given = request({ query: new URLSearchParams(query), headers: { 'user-agent': agent } })
    return (await handler(given)).body
  }
  test('for those who ask, and for people', async () => {
    const pretty = '{\n  "a": [\n    9223372036854775807\n  ]\n}'
    assert.equal(await shown('pretty=true', 'x'), pretty)
    assert.equal(await shown('', 'curl/8.0'), pretty)
    assert.equal(await shown('pretty=false', 'curl/8.0'), '{"a":[9223372036854775807]}')
    assert.equal(await shown('', 'kubectl/v1.31.0'), '{"a":[9223372036854775807]}')
    assert.equal(await shown('pretty=1', 'x', [Buffer.from('{"a":'), Buffer.from('1}')]), '{\n  "a": 1\n}')
  })
})
