// CRDs as a kube-apiserver 1.31 accepts and refuses them, recorded: schemas by themselves, and the rest of a CRD.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { FieldError } from '../../api/status-error.ts'
import { customResourceDefinitionRules } from '../../kcp/apis/apiextensions/custom-resource-definitions.ts'
import { checkSchema } from '../../kcp/schema/check-schema.ts'

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
