import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { decodeProtobuf } from './decode.ts'

const varint = (number: number, value: number): Buffer => Buffer.from([...digits(number * 8), ...digits(value)])
const chunk = (number: number, content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content as string)
  return Buffer.concat([Buffer.from([...digits(number * 8 + 2), ...digits(bytes.length)]), bytes])
}
const digits = (value: number): number[] =>
  value < 128 ? [value] : [128 | (value % 128), ...digits(Math.floor(value / 128))]
const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields)

function object(apiVersion: string, kind: string, content: Buffer): Buffer {
  const typeMeta = message(chunk(1, apiVersion), chunk(2, kind))
  return message(Buffer.from('k8s\0'), chunk(1, typeMeta), chunk(2, content), chunk(3, ''), chunk(4, ''))
}

// What Go writes for every ObjectMeta, also when it is empty.
const emptyTexts = [2, 4, 5, 6].map(number => chunk(number, ''))
const metadata = (name: string): Buffer => chunk(1, message(chunk(1, name), ...emptyTexts, varint(7, 0), chunk(8, '')))

test('a ConfigMap: maps of texts and bytes; empty texts are left out, the zero time is null', () => {
  const entry = (value: string | Buffer): Buffer => message(chunk(1, 'k'), chunk(2, value))
  const body = message(metadata('a'), chunk(2, entry('v')), chunk(3, entry(Buffer.from([0xff]))))
  assert.deepEqual(decodeProtobuf(object('v1', 'ConfigMap', body)), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', creationTimestamp: null },
    data: { k: 'v' },
    binaryData: { k: '/w==' },
  })
})

test('a Deployment: pointers keep their zero, embedded structs are flat, ports are numbers or names', () => {
  const probe = chunk(10, chunk(1, chunk(2, message(chunk(2, message(varint(1, 1), varint(2, 0), chunk(3, 'http')))))))
  const resources = chunk(8, chunk(1, message(chunk(1, 'cpu'), chunk(2, chunk(1, '100m')))))
  const container = chunk(2, message(chunk(1, 'c'), resources, probe, varint(17, 0)))
  const volume = chunk(1, message(chunk(1, 'v'), chunk(2, chunk(2, chunk(1, '')))))
  const template = chunk(3, message(metadata(''), chunk(2, message(volume, container))))
  const spec = chunk(2, message(varint(1, 0), template, chunk(4, ''), varint(5, 0), varint(7, 0)))
  const decoded = decodeProtobuf(object('apps/v1', 'Deployment', message(metadata('d'), spec)))
  assert.deepEqual(JSON.parse(JSON.stringify(decoded)).spec, {
    replicas: 0,
    template: {
      metadata: { creationTimestamp: null },
      spec: {
        volumes: [{ name: 'v', emptyDir: {} }],
        containers: [
          { name: 'c', resources: { limits: { cpu: '100m' } }, livenessProbe: { httpGet: { port: 'http' } } },
        ],
      },
    },
    strategy: {},
  })
})

test('DeleteOptions come with any version', () => {
  const decoded = decodeProtobuf(object('apps/v1', 'DeleteOptions', chunk(4, 'Background')))
  assert.deepEqual(decoded, { apiVersion: 'apps/v1', kind: 'DeleteOptions', propagationPolicy: 'Background' })
})

const wrong = [
  { name: 'no magic', bytes: Buffer.from('{}') },
  { name: 'unknown kind', bytes: object('v1', 'Nothing', Buffer.alloc(0)) },
  { name: 'cut off', bytes: object('v1', 'ConfigMap', metadata('a').subarray(0, 4)) },
  { name: 'text where a message belongs', bytes: object('v1', 'ConfigMap', varint(1, 5)) },
]
for (const { name, bytes } of wrong) {
  test(`400: ${name}`, () => assert.throws(() => decodeProtobuf(bytes), { code: 400 }))
}
