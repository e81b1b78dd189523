import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJsonObject, type JsonValue } from '../../api/json.ts'
import { kcpSchemas, systemCrds } from './generated-tables.ts'
import { describeSchema } from './kcp-descriptions.ts'
import { objectAt, objectsAt, textAt } from './members.ts'

/** Paths of fields without a sentence. */
function silent(schema: JsonValue | undefined, path: string): string[] {
  if (!isJsonObject(schema)) return []
  const { properties, items, description } = schema
  const own = description === undefined ? [path] : []
  const inside = isJsonObject(properties)
    ? Object.entries(properties).flatMap(([name, child]) => silent(child, `${path}.${name}`))
    : []
  const [, ...ofItems] = isJsonObject(items) ? ['', ...silent({ description: '', ...items }, path)] : ['']
  return [...own, ...inside, ...ofItems]
}

test("every field of kcp's own types says what it is", () => {
  for (const { spec } of [...systemCrds, ...kcpSchemas]) {
    const gk = { group: textAt(spec, 'group'), kind: textAt(spec, 'names', 'kind') }
    for (const version of objectsAt(spec, 'versions')) {
      const named = objectAt(version, 'schema', 'openAPIV3Schema')
      const schema = Object.keys(named).length > 0 ? named : objectAt(version, 'schema')
      const missing = silent(describeSchema(gk, schema), gk.kind).filter(
        path => !/^\w+\.(apiVersion|kind|metadata)$/.test(path),
      )
      assert.deepEqual(missing, [])
    }
  }
})

test('schemas of others are left as they are', () => {
  const schema = { type: 'object', properties: { spec: { type: 'object' } } }
  assert.equal(describeSchema({ group: 'ex.io', kind: 'Workspace' }, schema), schema)
})
