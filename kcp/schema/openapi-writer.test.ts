import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { servedWidgets } from '../../test/harness/served-types.ts'
import { createBackwardWriter } from './backward-writer.ts'
import { openApiV2Document, openApiV3Document } from './openapi.ts'
import { createOpenApiWriter } from './openapi-writer.ts'
import type { ServedType } from './served-type.ts'

const widgets = servedWidgets({ type: 'object', nullable: true })
const types: ServedType[] = [
  {
    ...widgets,
    group: '',
    kind: 'Thing',
    resource: 'things',
    schema: { ...widgets.schema, component: 'io.core.Thing' },
  },
  widgets,
  { ...widgets, kind: 'Gadget', resource: 'gadgets', group: 'Ünique.k8s.io' },
  { ...widgets, kind: 'Node', resource: 'nodes', namespaced: false, subresources: {} },
]
const options = { version: 'v1', findComponent: (name: string): JsonObject => ({ type: 'object', title: name }) }

test('documents put together from pieces say what documents made at once say', async () => {
  const write = createOpenApiWriter(options)
  for (const again of [false, true]) {
    const parsed = async (form: 'v2' | 'v3'): Promise<JsonObject> =>
      JSON.parse(Buffer.from((await write(again ? types.toReversed() : types, form)).body).toString())
    assert.deepEqual(await parsed('v2'), openApiV2Document(types, options))
    assert.deepEqual(await parsed('v3'), openApiV3Document(types, options))
  }
})

test('bytes written from the end grow beyond their first room', () => {
  const writer = createBackwardWriter()
  const long = 'ü'.repeat(60_000)
  assert.equal(writer.text(long), 120_000)
  writer.varint(300)
  writer.bytes(Buffer.from('end'))
  assert.equal(writer.text('start '), 6)
  assert.equal(writer.copySince(120_002).toString(), 'start end')
  const all = writer.take()
  assert.deepEqual([...all.subarray(9, 11)], [0xac, 0x02])
  assert.equal(all.subarray(11).toString(), long)
  assert.equal(writer.length(), 0)
})
