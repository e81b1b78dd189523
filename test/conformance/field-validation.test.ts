// fieldValidation=Strict: fields nobody knows, and fields that are there twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SendOptions, startTestServer } from '../harness/api-server.ts'

const configMaps = '/clusters/root/api/v1/namespaces/default/configmaps'
const widgets = '/clusters/root/apis/example.io/v1/namespaces/default/widgets'

interface Row {
  readonly name: string
  readonly line: string
  readonly options: SendOptions
  readonly want: { readonly code: number; readonly message: string }
}

const rows: Row[] = [
  {
    name: 'an unknown field, strictly',
    line: `POST ${configMaps}?fieldValidation=Strict`,
    options: { body: { metadata: { name: 'x' }, foo: 1 } },
    want: {
      code: 400,
      message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo"',
    },
  },
  {
    name: 'a field twice, strictly',
    line: `POST ${widgets}?fieldValidation=Strict`,
    options: {
      body: '{"apiVersion":"example.io/v1","kind":"Widget","metadata":{"name":"x"},"spec":{"size":"a","size":"b"}}',
    },
    want: {
      code: 400,
      message:
        'Widget in version "v1" cannot be handled as a Widget: strict decoding error: duplicate field "spec.size"',
    },
  },
  {
    name: 'an unknown field and one that is there twice, strictly',
    line: `POST ${configMaps}?fieldValidation=Strict`,
    options: { body: '{"metadata":{"name":"x"},"foo":1,"data":{"a":"1","a":"2"}}' },
    want: {
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo", duplicate field "data.a"',
    },
  },
  {
    name: 'a key of YAML that is there twice, strictly',
    line: `POST ${configMaps}?fieldValidation=Strict`,
    options: {
      body: 'metadata: {name: x}\ndata:\n  a: "1"\n  a: "2"\n  b: x\n  b: z\nzz: 1\n',
      headers: { 'content-type': 'application/yaml' },
    },
    want: {
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 4: key "a" already set in map\n  line 6: key "b" already set in map, unknown field "zz"',
    },
  },
  {
    name: 'a key that is there twice, applied strictly',
    line: `PATCH ${configMaps}/x?fieldManager=m&fieldValidation=Strict`,
    options: {
      body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},\n"data":{"a":"1","a":"2"}}',
      headers: { 'content-type': 'application/apply-patch+yaml' },
    },
    want: {
      code: 400,
      message:
        'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key "a" already set in map',
    },
  },
]

const server = startTestServer()
for (const { name, line, options, want } of rows) {
  test(name, async () => {
    const [method = '', target = ''] = line.split(' ')
    const { json } = await server.send(method, target, options)
    assert.deepEqual({ code: json.code, message: json.message }, want)
  })
}
