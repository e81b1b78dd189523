// Texts of refusals: clients and people match on them. Each row is one request to a server with one ConfigMap `a`, one
// Widget `a` and a Widget `gone` that is being deleted.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Status } from '../../api/status-error.ts'
import { noOpinion } from '../../kcp/auth/authorizer.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import { StoreError } from '../../kcp/storage/store.ts'
import { type SendOptions, startTestServer, type TestServer } from '../harness/api-server.ts'

const configMaps = '/clusters/root/api/v1/namespaces/default/configmaps'
const widgets = '/clusters/root/apis/example.io/v1/namespaces/default/widgets'
const widget = (members: object) => ({ apiVersion: 'example.io/v1', kind: 'Widget', ...members })
const asMerge = { 'content-type': 'application/merge-patch+json' }
const asJsonPatch = { 'content-type': 'application/json-patch+json' }
const asStrategic = { 'content-type': 'application/strategic-merge-patch+json' }

interface Row {
  readonly name: string
  readonly line: string
  readonly options?: SendOptions
  readonly want: Partial<Status>
}

const rows: Row[] = [
  {
    name: 'an object that is not there',
    line: `GET ${configMaps}/x`,
    want: {
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "x" not found',
      details: { name: 'x', kind: 'configmaps' },
    },
  },
  {
    name: 'one of a group',
    line: `DELETE ${widgets}/x`,
    want: { message: 'widgets.example.io "x" not found', details: { name: 'x', group: 'example.io', kind: 'widgets' } },
  },
  {
    name: 'a resource of the core group that is not served',
    line: 'GET /clusters/root/api/v1/foos',
    want: { code: 404, message: 'the server could not find the requested resource', details: {} },
  },
  {
    name: 'an object that is there already',
    line: `POST ${configMaps}`,
    options: { body: { metadata: { name: 'a' } } },
    want: { code: 409, reason: 'AlreadyExists', message: 'configmaps "a" already exists' },
  },
  {
    name: 'an old resourceVersion',
    line: `PUT ${configMaps}/a`,
    options: { body: { metadata: { name: 'a', resourceVersion: '1000000' } } },
    want: {
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    },
  },
  {
    name: 'a custom resource without resourceVersion',
    line: `PUT ${widgets}/a`,
    options: { body: widget({ metadata: { name: 'a' } }) },
    want: {
      code: 422,
      message:
        'widgets.example.io "a" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
    },
  },
  {
    name: 'no body',
    line: `POST ${configMaps}`,
    options: { body: '' },
    want: {
      code: 400,
      message:
        "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    },
  },
  {
    name: 'another kind in place of a custom one',
    line: `POST ${widgets}`,
    options: { body: { apiVersion: 'example.io/v1', kind: 'Foo', metadata: { name: 'x' } } },
    want: {
      code: 422,
      message: 'Foo.example.io "x" is invalid: kind: Invalid value: "Foo": must be Widget',
    },
  },
  {
    name: 'a custom resource without apiVersion',
    line: `POST ${widgets}`,
    options: { body: { kind: 'Widget', metadata: { name: 'x' } } },
    want: {
      code: 400,
      message: 'the API version in the data () does not match the expected API version (example.io/v1)',
    },
  },
  {
    name: 'another namespace than the path says',
    line: `POST ${configMaps}`,
    options: { body: { metadata: { name: 'x', namespace: 'other' } } },
    want: {
      code: 400,
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    },
  },
  {
    name: 'another name than the path says',
    line: `PUT ${configMaps}/a`,
    options: { body: { metadata: { name: 'other' } } },
    want: { code: 400, message: 'the name of the object (other) does not match the name on the URL (a)' },
  },
  {
    name: 'PUT of a collection',
    line: `PUT ${configMaps}`,
    options: { body: {} },
    want: { code: 405, message: 'the server does not allow this method on the requested resource' },
  },
  {
    name: 'PUT of a collection of custom resources',
    line: `PUT ${widgets}`,
    options: { body: {} },
    want: { code: 400, message: 'name must be provided' },
  },
  {
    name: 'no name at all',
    line: `POST ${configMaps}`,
    options: { body: {} },
    want: {
      code: 422,
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    },
  },
  {
    name: 'another uid',
    line: `DELETE ${configMaps}/a`,
    options: { body: { preconditions: { uid: 'abc' } } },
    want: {
      code: 409,
      message:
        'Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (abc) does not match the UID in record (uid-1). The object might have been deleted and then recreated',
    },
  },
  {
    name: 'a patch of the uid',
    line: `PATCH ${configMaps}/a`,
    options: { body: { metadata: { uid: '1' } }, headers: asMerge },
    want: {
      code: 422,
      message: 'ConfigMap "a" is invalid: metadata.uid: Invalid value: "1": field is immutable',
    },
  },
  {
    name: 'a JSON patch whose test fails',
    line: `PATCH ${configMaps}/a`,
    options: { body: [{ op: 'test', path: '/data/x', value: '2' }], headers: asJsonPatch },
    want: { code: 422, message: 'the server rejected our request due to an error in our request' },
  },
  {
    name: 'a strategic merge patch of a custom resource',
    line: `PATCH ${widgets}/a`,
    options: { body: {}, headers: asStrategic },
    want: {
      code: 415,
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    },
  },
  {
    name: 'an apply without a manager',
    line: `PATCH ${widgets}/a`,
    options: { body: widget({ metadata: { name: 'a' } }), headers: { 'content-type': 'application/apply-patch+yaml' } },
    want: {
      code: 422,
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    },
  },
  {
    name: 'a body of an unknown type',
    line: `POST ${configMaps}`,
    options: { body: 'x', headers: { 'content-type': 'text/html' } },
    want: {
      code: 415,
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    },
  },
  {
    name: 'a time limit that is none',
    line: `GET ${configMaps}?timeout=5`,
    want: {
      code: 400,
      reason: 'BadRequest',
      message: 'invalid timeout specified in the request URL - time: missing unit in duration "5"',
    },
  },
  {
    name: 'a validation of fields nobody knows',
    line: `POST ${configMaps}?fieldValidation=Foo`,
    options: { body: { metadata: { name: 'x' } } },
    want: {
      code: 422,
      message:
        'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn"',
    },
  },
  {
    name: 'a new finalizer while being deleted',
    line: `PATCH ${widgets}/gone`,
    options: { body: { metadata: { finalizers: ['example.io/f', 'sv.io/g'] } }, headers: asMerge },
    want: {
      code: 422,
      message:
        'Widget.example.io "gone" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"sv.io/g"}',
    },
  },
  {
    name: 'a label selector that cannot be read',
    line: `GET ${configMaps}?labelSelector=a%20b`,
    want: { code: 400, message: "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt" },
  },
  {
    name: 'a field selector of a native kind',
    line: `GET ${configMaps}?fieldSelector=foo%3Dx`,
    want: {
      code: 400,
      message: '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
    },
  },
  {
    name: 'a field selector of a custom kind',
    line: `GET ${widgets}?fieldSelector=spec.replicas%3D1`,
    want: { code: 400, message: 'field label not supported: spec.replicas' },
  },
  {
    name: 'resourceVersionMatch alone',
    line: `GET ${configMaps}?resourceVersionMatch=Exact`,
    want: {
      code: 422,
      message:
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    },
  },
  {
    name: 'a wildcard write',
    line: 'POST /clusters/*/api/v1/namespaces/default/configmaps',
    options: { body: {} },
    want: {
      code: 405,
      reason: 'MethodNotAllowed',
      message: 'create is not supported on resources of kind "configmaps" in the `*` logical cluster',
    },
  },
  {
    name: 'text that cannot be a logical cluster',
    line: 'GET /clusters/a_b/api',
    want: { code: 400, message: 'invalid cluster: "a_b" does not match the regex' },
  },
  {
    name: 'an identity that is empty',
    line: 'GET /clusters/root/apis/example.io/v1/widgets:',
    want: { code: 500, message: 'Internal error occurred: invalid resource "widgets": missing identity' },
  },
  {
    name: 'protobuf only, of a custom resource',
    line: `GET ${widgets}/a`,
    options: { headers: { accept: 'application/vnd.kubernetes.protobuf' } },
    want: {
      code: 406,
      message:
        'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    },
  },
]

describe('what is refused, and how', () => {
  let server: TestServer
  before(async () => {
    let uids = 0
    server = startTestServer({ newUid: () => `uid-${++uids}` })
    await server.send('POST', configMaps, { body: { metadata: { name: 'a' }, data: { x: '1' } } })
    await server.send('POST', widgets, { body: widget({ metadata: { name: 'a' } }) })
    await server.send('POST', widgets, { body: widget({ metadata: { name: 'gone', finalizers: ['example.io/f'] } }) })
    await server.send('DELETE', `${widgets}/gone`)
  })

  for (const { name, line, options, want } of rows) {
    test(name, async () => {
      const [method = '', target = ''] = line.split(' ')
      const { status, json } = await server.send(method, target, options)
      assert.equal(json.kind, 'Status')
      assert.equal(json.code, status)
      const found = Object.fromEntries(Object.keys(want).map(key => [key, json[key]]))
      assert.deepEqual(found, want)
    })
  }

  test('a group that is not served answers as a mux does', async () => {
    for (const path of ['/apis/foo.io/v1/bars', '/apis/foo.io', '/foo', '/apis/example.io/v1/widgets:unknown']) {
      const { status, text } = await server.send('GET', `/clusters/root${path}`)
      assert.deepEqual([status, text], [404, '404 page not found\n'])
    }
  })
})

describe('what is not permitted', () => {
  const server = startTestServer({ authorize: async () => noOpinion('tests') })
  const user = { headers: { authorization: 'Bearer user-1' } }
  const refusals: [line: string, message: string, details: object][] = [
    [
      'GET /clusters/root/api/v1/namespaces/default/secrets/foo',
      'secrets "foo" is forbidden: User "user-1" cannot get resource "secrets" in API group "" in the namespace "default": access denied',
      { name: 'foo', kind: 'secrets' },
    ],
    [
      'PATCH /clusters/root/apis/tenancy.kcp.io/v1alpha1/workspaces/x/status',
      'workspaces.tenancy.kcp.io "x" is forbidden: User "user-1" cannot patch resource "workspaces/status" in API group "tenancy.kcp.io" at the cluster scope: access denied',
      { name: 'x', group: 'tenancy.kcp.io', kind: 'workspaces' },
    ],
    ['GET /clusters/root/api', 'forbidden: User "user-1" cannot get path "/api": access denied', {}],
  ]
  for (const [line, message, details] of refusals) {
    test(line, async () => {
      const [method = '', target = ''] = line.split(' ')
      const { json } = await server.send(method, target, user)
      assert.deepEqual([json.code, json.reason, json.message, json.details], [403, 'Forbidden', message, details])
    })
  }

  test('to be somebody else', async () => {
    const headers = { ...user.headers, 'impersonate-user': 'user-2' }
    const { json } = await server.send('GET', '/clusters/root/api/v1/pods', { headers })
    const message =
      'users "user-2" is forbidden: User "user-1" cannot impersonate resource "users" in API group "" at the cluster scope: access denied'
    assert.deepEqual([json.code, json.message], [403, message])
  })
})

test('more writes than the disk takes are asked to come again, whatever the verb', async () => {
  const store = createMemoryStore()
  const patient = startTestServer({ store })
  await patient.send('POST', configMaps, { body: { metadata: { name: 'a' } } })
  const full = () => Promise.reject(new StoreError('TooSlow', 'writes wait for the disk'))
  const busy = startTestServer({ store: { ...store, get: store.get, create: full, update: full, delete: full } })
  const writes: [line: string, options: SendOptions][] = [
    [`POST ${configMaps}`, { body: { metadata: { name: 'b' } } }],
    [`PUT ${configMaps}/a`, { body: { metadata: { name: 'a' }, data: { a: 'b' } } }],
    [`PATCH ${configMaps}/a`, { body: { data: { a: 'b' } }, headers: asMerge }],
    [`DELETE ${configMaps}/a`, {}],
  ]
  for (const [line, options] of writes) {
    const [method = '', target = ''] = line.split(' ')
    const { json, headers } = await busy.send(method, target, options)
    assert.deepEqual([json.code, json.reason, headers['retry-after']], [429, 'TooManyRequests', '1'], line)
  }
})
