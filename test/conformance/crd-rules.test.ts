// CRDs as a kube-apiserver 1.31 accepts and refuses them, recorded: schemas by themselves, and the rest of a CRD.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { FieldError } from '../../api/status-error.ts'
import { customResourceDefinitionRules } from '../../kcp/apis/apiextensions/custom-resource-definitions.ts'
import { typesOfCrd } from '../../kcp/apis/custom-type.ts'
import { checkSchema } from '../../kcp/schema/check-schema.ts'
import { startTestServer } from '../harness/api-server.ts'

/** `s` stands for the path of the schema. */
type SchemaRow = [title: string, schema: JsonObject, want: string[]]

/** What differs from a good CRD. */
interface CrdRow {
  readonly title: string
  readonly metadata?: JsonObject
  readonly spec: JsonObject
  /** Members of the only version. */
  readonly version?: JsonObject
  readonly want: readonly string[]
}

function rowsOf<T>(name: string): T[] {
  const path = join(import.meta.dirname, '../fixtures/recordings', `${name}.json`)
  const rows: T[] = JSON.parse(readFileSync(path, 'utf8'))
  return rows
}

const textOf = ({ field, message }: FieldError) => `${field}: ${message}`

describe('schemas of CRDs', () => {
  for (const [title, schema, want] of rowsOf<SchemaRow>('crd-schemas')) {
    test(title, () => {
      const errors = checkSchema({ schema, path: 's', hasStatus: false })
      assert.deepEqual(errors.map(textOf).sort(), [...want].sort())
    })
  }
})

const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } }

function definitionOf({ metadata = {}, spec, version = {} }: CrdRow): KubeObject {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'as.ex.io', ...metadata },
    spec: {
      group: 'ex.io',
      scope: 'Namespaced',
      names: { plural: 'as', kind: 'A' },
      versions: [{ name: 'v1', served: true, storage: true, schema, ...version }],
      ...spec,
    },
  }
  customResourceDefinitionRules.defaults?.(definition)
  return definition
}

const context = {
  cluster: 'root',
  user: { username: '', groups: [] },
  userAgent: '',
  now: new Date(0),
  dryRun: false,
  warn: () => undefined,
}

describe('CRDs', () => {
  for (const row of rowsOf<CrdRow>('crds')) {
    test(row.title, () => {
      const definition = definitionOf(row)
      const { strategy } = customResourceDefinitionRules
      strategy?.prepareForCreate?.(definition, context)
      assert.deepEqual((strategy?.validate?.(definition) ?? []).map(textOf), row.want)
    })
  }
})

test('what a webhook would have to convert is refused, and nothing else', async () => {
  const version = (name: string, storage: boolean) => ({ name, served: true, storage, schema })
  const crd = (stored: string): JsonObject => ({
    metadata: { name: 'as.ex.io' },
    spec: {
      group: 'ex.io',
      scope: 'Cluster',
      names: { plural: 'as', kind: 'A' },
      versions: ['v2', 'v1'].map(name => version(name, name === stored)),
      conversion: { strategy: 'Webhook' },
    },
  })
  const server = startTestServer({ types: typesOfCrd(crd('v1'), '') })
  const answer = async (method: string, place: string, body?: KubeObject) => {
    const { status, json } = await server.send(method, `/clusters/root/apis/ex.io/${place}`, body ? { body } : {})
    return status >= 400 ? `${status} ${json.message}` : status
  }
  const refused = (name: string) =>
    `500 conversion webhook for ex.io/${name}, Kind=A failed: this server calls no conversion webhooks`
  const object = (name: string, of: string) => ({ apiVersion: `ex.io/${of}`, kind: 'A', metadata: { name } })
  assert.equal(await answer('GET', 'v2/as'), 200)
  assert.equal(await answer('GET', 'v2/as/a'), '404 as.ex.io "a" not found')
  assert.equal(await answer('POST', 'v2/as', object('a', 'v2')), refused('v2'))
  assert.equal(await answer('POST', 'v1/as', object('a', 'v1')), 201)
  for (const place of ['v2/as/a', 'v2/as']) assert.equal(await answer('GET', place), refused('v1'))
  server.setTypes(typesOfCrd(crd('v2'), ''))
  assert.equal(await answer('GET', 'v1/as/a'), 200)
  assert.equal(await answer('GET', 'v2/as/a'), refused('v1'))
  assert.equal(await answer('DELETE', 'v2/as/a'), 200)
})

test('a scale without its number is no scale; what a custom resource does not have is as if the object were not there', async () => {
  const subresources = { scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } }
  const versions = [{ name: 'v1', served: true, storage: true, schema, subresources }]
  const names = { plural: 'as', kind: 'A' }
  const server = startTestServer({
    types: typesOfCrd({ spec: { group: 'ex.io', scope: 'Cluster', names, versions } }, ''),
  })
  const path = '/clusters/root/apis/ex.io/v1/as'
  const body = { apiVersion: 'ex.io/v1', kind: 'A', metadata: { name: 'a' } }
  await server.send('POST', path, { body })
  const scale = await server.send('GET', `${path}/a/scale`)
  const problem = 'Internal error occurred: the spec replicas field ".spec.n" does not exist'
  assert.deepEqual([scale.status, scale.json.message], [500, problem])
  for (const subresource of ['status', 'anything']) {
    const { status, json } = await server.send('GET', `${path}/a/${subresource}`)
    assert.deepEqual([status, json.message], [404, 'as.ex.io "a" not found'])
  }
})

test('of stored versions the one that is stored now is left when all are taken away', () => {
  const definition = definitionOf({ title: '', spec: {}, want: [] })
  definition.status = { storedVersions: [] }
  customResourceDefinitionRules.strategy?.prepareForUpdate?.(definition, definition, 'status', context)
  assert.deepEqual(definition.status, { storedVersions: ['v1'] })
})
