import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBindingReader } from './binding-reader.ts'

interface Variation {
  name?: string
  time?: string
  metadata?: object
  exportName?: string
  cluster?: string
}

function stored({ name = 'b', time = '2026-01-02T03:04:05Z', ...more }: Variation = {}): Uint8Array {
  const { metadata = {}, exportName = 'e', cluster = 'provider' } = more
  const status = {
    apiExportClusterName: cluster,
    boundResources: [{ group: 'ex.io', resource: 'widgets', schema: { UID: 'u', identityHash: 'h' } }],
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }],
  }
  const binding = {
    metadata: { name, labels: { spec: 'x' }, ...metadata },
    spec: { reference: { export: { name: exportName } } },
  }
  return Buffer.from(JSON.stringify({ ...binding, status: cluster === '' ? {} : status }))
}

test('bindings that differ in names and times are one record', () => {
  const read = createBindingReader()
  const first = read(stored())
  assert.equal(first?.exportCluster, 'provider')
  assert.equal(read(stored({ name: 'other', time: '2027-01-02T03:04:05Z' })), first)
})

test('a status before spec is read, not taken from another binding', () => {
  const read = createBindingReader()
  const turned = (cluster: string): Uint8Array => {
    const { metadata, spec, status } = JSON.parse(Buffer.from(stored({ cluster })).toString()) as Record<string, object>
    return Buffer.from(JSON.stringify({ metadata, status, spec }))
  }
  assert.equal(read(turned('')), undefined)
  assert.equal(read(turned('a'))?.exportCluster, 'a')
  assert.equal(read(turned('b'))?.exportCluster, 'b')
})

test('what a record says is never taken from another binding', () => {
  const read = createBindingReader()
  read(stored())
  assert.equal(read(stored({ exportName: 'f' }))?.exportName, 'f')
  assert.equal(read(stored({ cluster: 'elsewhere' }))?.exportCluster, 'elsewhere')
  assert.equal(read(stored({ metadata: { deletionTimestamp: '2026-01-02T03:04:05Z' } }))?.terminating, true)
  assert.equal(read(stored())?.terminating, false)
  assert.equal(read(stored({ cluster: '' })), undefined)
  assert.equal(read(undefined), undefined)
})
