import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Accepted, negotiate, refuseTableOnly } from './media-type.ts'

const kubectl =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'
const protobuf = 'application/vnd.kubernetes.protobuf'

describe('the first clause that can be served wins', () => {
  const cases: [accept: string | undefined, want: Partial<Accepted>][] = [
    [undefined, { format: 'json', form: 'whole' }],
    ['*/*', { format: 'json', form: 'whole' }],
    [`${protobuf},application/json`, { format: 'json', form: 'whole' }],
    ['application/yaml', { format: 'yaml', form: 'whole' }],
    [kubectl, { form: 'table', metaVersion: 'v1' }],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', { form: 'table', metaVersion: 'v1beta1' }],
    [
      `${protobuf};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json`,
      { form: 'metadata' },
    ],
    ['application/json;as=Foo;v=v1;g=meta.k8s.io,application/json', { form: 'whole' }],
  ]
  for (const [accept, want] of cases) {
    test(String(accept), () => assert.deepEqual({ ...negotiate(accept), ...want }, negotiate(accept)))
  }
})

test('nothing that can be served is 406', () => {
  const message =
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf'
  for (const accept of [protobuf, 'application/json;as=Foo;g=meta.k8s.io;v=v1', 'text/html']) {
    assert.throws(() => negotiate(accept), { code: 406, reason: 'NotAcceptable', message })
  }
})

test('what is never stored has no table, but an answer for those who take another form', () => {
  assert.throws(() => refuseTableOnly('application/json;as=Table;v=v1;g=meta.k8s.io'), { code: 406 })
  for (const accept of [undefined, kubectl, protobuf, '*/*'].map(each => each && `${each},application/json`))
    assert.doesNotThrow(() => refuseTableOnly(accept))
})
