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

test('versions that a webhook would have to convert are refused', async () => {
  const version = (name: string, storage: boolean) => ({ name, served: true, storage, schema })
  const crd = (storedVersions: string[]): JsonObject => ({
    metadata: { name: 'as.ex.io' },
    spec: {
      group: 'ex.io',
      scope: 'Cluster',
      names: { plural: 'as', kind: 'A' },
      versions: [version('v2', true), version('v1', false)],
      conversion: { strategy: 'Webhook' },
    },
    status: { storedVersions },
  })
  const needing = (storedVersions: string[]) =>
    typesOfCrd(crd(storedVersions), '').map(type => `${type.version} ${type.needsWebhook === true}`)
  assert.deepEqual(needing(['v2']), ['v2 false', 'v1 true'])
  assert.deepEqual(needing(['v1', 'v2']), ['v2 true', 'v1 true'])
  const server = startTestServer({ types: typesOfCrd(crd(['v2']), '') })
  assert.equal((await server.send('GET', '/clusters/root/apis/ex.io/v2/as')).status, 200)
  const refused = await server.send('GET', '/clusters/root/apis/ex.io/v1/as')
  const text = 'conversion webhook for ex.io/v1, Kind=A failed: this server calls no conversion webhooks'
  assert.deepEqual([refused.status, refused.json.message], [500, text])
})
