// Rules of custom resources (x-kubernetes-validations) as a kube-apiserver 1.31 takes them, recorded: what it says when a
// CRD is created, what a rule gives for a value, and whole objects created and changed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { checkSchemaRules } from '../../kcp/schema/cel/schema-rules.ts'
import { checkSchema } from '../../kcp/schema/check-schema.ts'
import { compileSchema } from '../../kcp/schema/compile.ts'

type Row = [rule: string, want: string[]]

interface ValueRows {
  readonly schema: JsonObject
  readonly spec: JsonObject
  /** What comes before the rule in the message; '' when it is kept. */
  readonly rows: readonly [rule: string, want: string][]
}

interface ObjectRow {
  readonly title: string
  readonly schema: JsonObject
  readonly old: JsonObject | null
  readonly new: JsonObject
  readonly want: readonly string[]
}

function recorded<T>(name: string): T {
  const recording: T = JSON.parse(
    readFileSync(join(import.meta.dirname, '../fixtures/recordings', `${name}.json`), 'utf8'),
  )
  return recording
}

const textOf = ({ field, message }: FieldError) => `${field}: ${message}`
const rootOf = (spec: JsonObject): JsonObject => ({ type: 'object', properties: { spec } })
const objectOf = (spec: JsonObject) => ({ apiVersion: 'ex.io/v1', kind: 'Foo', metadata: { name: 'x' }, spec })

/** Go prints the rule as a struct first. */
const goStruct = /Invalid value: apiextensions\.ValidationRule\{.*?\(\*bool\)\(\w+\)\}: /s

describe('a rule in a new CRD', () => {
  for (const { schema, rows } of recorded<{ schema: JsonObject; rows: Row[] }[]>('cel-compiling')) {
    for (const [rule, want] of rows) {
      test(rule, () => {
        // Rules of several lines need a message.
        const entry = rule.includes('\n') ? { rule, message: 'm' } : { rule }
        const errors = checkSchemaRules(rootOf({ ...schema, 'x-kubernetes-validations': [entry] }), 's')
        assert.deepEqual(
          errors.map(error => textOf(error).replace(goStruct, '~')),
          want,
        )
      })
    }
  }
})

describe('a rule for a value', () => {
  const { schema, spec, rows } = recorded<ValueRows>('cel-values')
  for (const [rule, want] of rows) {
    test(`${rule} → ${want}`, () => {
      const compiled = compileSchema(rootOf({ ...schema, 'x-kubernetes-validations': [{ rule }] }))
      const errors = compiled.validate(objectOf(spec)).map(textOf)
      assert.deepEqual(errors, want === '' ? [] : [`spec: Invalid value: "object": ${want}${rule}`])
    })
  }
})

describe('objects and their rules', () => {
  for (const { title, schema, old, new: spec, want } of recorded<ObjectRow[]>('cel-objects')) {
    test(title, () => {
      const compiled = compileSchema(rootOf(schema))
      const errors = compiled.validate(objectOf(spec), old === null ? undefined : objectOf(old)).map(textOf)
      assert.deepEqual(errors.sort(), [...want].sort())
    })
  }
})

describe('defaults and their rules', () => {
  for (const { schema, want } of recorded<{ schema: JsonObject; want: string[] }[]>('cel-defaults')) {
    test(want.join().slice(0, 150), () => {
      const errors = checkSchema({ schema: rootOf(schema), path: 's', hasStatus: false }).map(textOf)
      assert.deepEqual(errors.sort(), [...want].sort())
    })
  }
})
