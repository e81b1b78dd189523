// What nobody should send: each is refused with the right Status, and nothing is stored.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { startTestServer, type TestServer } from '../harness/api-server.ts'

const configMaps = '/clusters/root/api/v1/namespaces/default/configmaps'
const widgets = '/clusters/root/apis/example.io/v1/namespaces/default/widgets'
const yaml = { 'content-type': 'application/yaml' }
const jsonPatch = { 'content-type': 'application/json-patch+json' }
const mergePatch = { 'content-type': 'application/merge-patch+json' }
const apply = { 'content-type': 'application/apply-patch+yaml' }

interface Case {
  name: string
  line: string
  body: string | object
  headers?: Record<string, string>
  code: number
  reason?: string
  message: RegExp | string
}

const unrecognized = 'the object provided is unrecognized (must be of type ConfigMap): '
const unreadable = (problem: string) => `${unrecognized}couldn't get version/kind; json parse error: ${problem}`
const typeMeta =
  'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

const cases: Case[] = [
  {
    name: 'JSON that is cut',
    line: `POST ${configMaps}`,
    body: '{"metadata":{"name":"x"}',
    code: 400,
    message: unreadable('unexpected end of JSON input ({"metadata":{"name":"x"})'),
  },
  {
    name: 'JSON with a comma too many',
    line: `POST ${configMaps}`,
    body: '{"kind":"ConfigMap",}',
    code: 400,
    message: unreadable(`invalid character '}' looking for beginning of object key string ({"kind":"ConfigMap",})`),
  },
  {
    name: 'two JSON objects',
    line: `POST ${configMaps}`,
    body: '{}{}',
    code: 400,
    message: unreadable(`invalid character '{' after top-level value ({}{})`),
  },
  {
    name: 'a list',
    line: `POST ${configMaps}`,
    body: '[]',
    code: 400,
    message: unreadable(`json: cannot unmarshal array into ${typeMeta} (5b5d)`),
  },
  {
    name: 'a text',
    line: `POST ${configMaps}`,
    body: '"x"',
    code: 400,
    message: unreadable(`json: cannot unmarshal string into ${typeMeta} (227822)`),
  },
  {
    name: 'no bytes',
    line: `POST ${configMaps}`,
    body: '',
    code: 400,
    message: unreadable('unexpected end of JSON input (<empty>)'),
  },
  {
    name: 'YAML that is cut',
    line: `POST ${configMaps}`,
    headers: yaml,
    body: 'metadata: {name: [x',
    code: 400,
    message: `${unrecognized}yaml: line 1: did not find expected ',' or ']' (6d657461646174613a207b6e616d653a205b78)`,
  },
  {
    name: 'YAML with tabs',
    line: `POST ${configMaps}`,
    headers: yaml,
    body: 'metadata:\n\tname: x\n',
    code: 400,
    message: `${unrecognized}yaml: line 2: found character that cannot start any token (6d657461646174613a0a096e616d653a20780a)`,
  },
  {
    name: 'malformed JSON for what exists',
    line: `PUT ${configMaps}/a`,
    body: '{"metadata":',
    code: 400,
    message: unreadable('unexpected end of JSON input ({"metadata":)'),
  },
  {
    name: 'a merge patch that is cut',
    line: `PATCH ${configMaps}/a`,
    headers: mergePatch,
    body: '{"data":',
    code: 400,
    message: 'error decoding patch: unexpected end of JSON input',
  },
  {
    name: 'a JSON patch of an unknown operation',
    line: `PATCH ${configMaps}/a`,
    headers: jsonPatch,
    body: [{ op: 'explode', path: '/data' }],
    code: 422,
    reason: 'Invalid',
    message: /^the server rejected our request due to an error in our request$/,
  },
  {
    name: 'an applied YAML that is cut',
    line: `PATCH ${configMaps}/x?fieldManager=m`,
    headers: apply,
    body: 'metadata: {name: [x',
    code: 400,
    message: `error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'`,
  },
  {
    name: 'the wrong kind',
    line: `POST ${configMaps}`,
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
    code: 400,
    message:
      /^Secret in version "v1" cannot be handled as a ConfigMap: converting \(v1\.Secret\) to \(core\.ConfigMap\): unknown conversion$/,
  },
  {
    name: 'the wrong group',
    line: `POST ${configMaps}`,
    body: { apiVersion: 'apps/v1', kind: 'ConfigMap', metadata: { name: 'x' } },
    code: 400,
    message:
      /^ConfigMap in version "v1" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "apps\/v1" in scheme /,
  },
  {
    name: 'the wrong version of a custom type',
    line: `POST ${widgets}`,
    body: { apiVersion: 'example.io/v2', kind: 'Widget', metadata: { name: 'x' } },
    code: 400,
    message: 'the API version in the data (example.io/v2) does not match the expected API version (example.io/v1)',
  },
  {
    name: 'a name with capitals',
    line: `POST ${configMaps}`,
    body: { metadata: { name: 'Not_a_name' } },
    code: 422,
    reason: 'Invalid',
    message:
      /^ConfigMap "Not_a_name" is invalid: metadata\.name: Invalid value: "Not_a_name": a lowercase RFC 1123 subdomain /,
  },
  {
    name: 'a name that leads elsewhere',
    line: `POST ${configMaps}`,
    body: { metadata: { name: '../secrets/x' } },
    code: 422,
    reason: 'Invalid',
    message: /metadata\.name: Invalid value: "\.\.\/secrets\/x"/,
  },
  {
    name: 'a value of the wrong type',
    line: `POST ${widgets}`,
    body: { apiVersion: 'example.io/v1', kind: 'Widget', metadata: { name: 'x' }, spec: { replicas: 'many' } },
    code: 422,
    reason: 'Invalid',
    message: /spec\.replicas: Invalid value: "string": spec\.replicas in body must be of type integer: "string"/,
  },
  {
    name: 'a stale resourceVersion',
    line: `PUT ${configMaps}/a`,
    body: { metadata: { name: 'a', resourceVersion: '1' }, data: { x: '3' } },
    code: 409,
    reason: 'Conflict',
    message:
      /^Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again$/,
  },
  {
    name: 'a delete that expects another uid',
    line: `DELETE ${configMaps}/a`,
    body: { preconditions: { uid: 'another' } },
    code: 409,
    reason: 'Conflict',
    message:
      /^Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition \(another\) does not match the UID in record /,
  },
]

describe('bad input', () => {
  let server: TestServer
  before(async () => {
    server = startTestServer()
    await server.send('POST', configMaps, { body: { metadata: { name: 'a' }, data: { x: '1' } } })
    await server.send('PUT', `${configMaps}/a`, { body: { metadata: { name: 'a' }, data: { x: '2' } } })
  })

  for (const { name, line, body, headers = {}, code, reason = 'BadRequest', message } of cases) {
    test(name, async () => {
      const [method = '', target = ''] = line.split(' ')
      const { revision } = server.store
      const { status, json } = await server.send(method, target, { body, headers })
      assert.deepEqual([status, json.kind, json.status, json.reason], [code, 'Status', 'Failure', reason], json.message)
      if (typeof message === 'string') assert.equal(json.message, message)
      else assert.match(json.message, message)
      assert.equal(server.store.revision, revision)
    })
  }

  test('a version that a group does not have is no path', async () => {
    for (const path of ['/apis/example.io/v9', '/apis/example.io/v9/namespaces/default/widgets']) {
      assert.equal((await server.send('GET', `/clusters/root${path}`)).status, 404)
    }
  })

  test('a path without a logical cluster is no path', async () => {
    for (const path of ['/apis', '/api', '/api/v1/namespaces']) {
      assert.equal((await server.send('GET', path)).status, 404)
    }
  })
})
