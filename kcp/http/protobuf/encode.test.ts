import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { type JsonObject, parseJson } from '../../../api/json.ts'
import { decodeProtobuf } from './decode.ts'
import { encodeProtobuf, encodeWatchFrame } from './encode.ts'

const metadata = { name: 'a', namespace: 'n', creationTimestamp: '2026-01-02T03:04:05Z', labels: { b: '2', a: 'ä' } }

const objects: Record<string, string> = {
  'a ConfigMap': '{"apiVersion":"v1","kind":"ConfigMap","data":{"__proto__":"x","k":"v"},"binaryData":{"b":"/w=="}}',
  'a Service with numbers and names of ports':
    '{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":80,"targetPort":"http"},{"port":81,"targetPort":8081}]}}',
  'a Deployment with quantities, embedded sources and negative numbers':
    '{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":0,"strategy":{"rollingUpdate":{"maxSurge":"25%"}},' +
    '"template":{"spec":{"priority":-5,"volumes":[{"name":"v","configMap":{"name":"c"}}],"containers":[{"name":"c",' +
    '"env":[{"name":"e","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],"resources":{"limits":{"cpu":"100m"}}}]}}}}',
  'an Event with microseconds':
    '{"apiVersion":"events.k8s.io/v1","kind":"Event","eventTime":"2026-01-02T03:04:05.123456Z","regarding":{"kind":"Pod"}}',
  'an int64 beyond doubles': '{"apiVersion":"v1","kind":"Pod","spec":{"activeDeadlineSeconds":9223372036854775807}}',
  'managed fields':
    '{"apiVersion":"v1","kind":"Secret","metadata":{"managedFields":[{"manager":"m","fieldsV1":{"f:data":{}}}]}}',
  'a Status of any version':
    '{"apiVersion":"v1","kind":"Status","metadata":{},"status":"Failure","code":404,"details":{"causes":[{"reason":"r"}]}}',
}

for (const [name, text] of Object.entries(objects)) {
  test(`${name} is the same when it is read again`, () => {
    const object = parseJson(text) as JsonObject
    const whole = { ...object, ...(object.kind === 'Status' || object.metadata ? {} : { metadata }) }
    const read = decodeProtobuf(encodeProtobuf(whole))
    assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(withZeroes(whole, read))))
    assert.equal(JSON.stringify(read).includes('9223372036854775807'), text.includes('9223372036854775807'))
  })
}

/** Embedded messages are always there in Go; what they bring when read is not what is tested here. */
function withZeroes(whole: JsonObject, read: unknown): JsonObject {
  return { ...(read as JsonObject), ...whole }
}

test('a small object, byte by byte', () => {
  const bytes = encodeProtobuf({ apiVersion: 'v1', kind: 'Secret', type: 't' })
  const envelope = '6b387300' + '0a0c' + '0a027631' + '1206536563726574' + '1203' + '1a0174' + '1a00' + '2200'
  assert.equal(Buffer.from(bytes).toString('hex'), envelope)
})

test('a list has metadata and items', () => {
  const items = [{ type: 'a' }, { type: 'b' }]
  const list = { apiVersion: 'v1', kind: 'SecretList', metadata: { resourceVersion: '7' }, items }
  const hex = Buffer.from(encodeProtobuf(list)).toString('hex')
  assert.match(hex, /0a03120137/)
  assert.match(hex, /12031a016112031a0162/)
})

test('a frame tells its length first', () => {
  const frame = Buffer.from(encodeWatchFrame('ADDED', Buffer.from('x')))
  assert.equal(frame.readUInt32BE(0), frame.length - 4)
  assert.equal(frame.subarray(4).toString('hex'), '0a054144444544' + '1203' + '0a0178')
})

test('kinds of custom resources have no messages', () => {
  const workspace = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace' }
  assert.throws(() => encodeProtobuf(workspace), /no protobuf message/)
})

test('a CRD: schemas or something else, values as text', () => {
  const schema = {
    type: 'object',
    properties: {
      open: { type: 'object', additionalProperties: true },
      closed: { type: 'object', additionalProperties: false },
      map: { type: 'object', additionalProperties: { type: 'string', minLength: 0 } },
      list: { type: 'array', items: { type: 'integer', enum: [1, null], default: 1, maximum: 1.5 } },
      pair: { items: [{ type: 'string' }, {}] },
      any: { dependencies: { a: ['b'], c: { type: 'string' } }, 'x-kubernetes-preserve-unknown-fields': true },
      rule: { type: 'string', 'x-kubernetes-validations': [{ rule: 'true', reason: 'FieldValueInvalid' }] },
    },
  }
  const version = { name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: schema } }
  const names = { plural: 'foos', kind: 'Foo' }
  const versions = [
    { ...version, subresources: { status: {}, scale: { specReplicasPath: '.a', statusReplicasPath: '.b' } } },
  ]
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.ex.io' },
    spec: { group: 'ex.io', names, scope: 'Cluster', versions },
  }
  const read = decodeProtobuf(encodeProtobuf(crd))
  assert.deepEqual(JSON.parse(JSON.stringify(read)), crd)
})
