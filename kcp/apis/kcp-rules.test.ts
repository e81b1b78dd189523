import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJsonObject, type JsonValue } from '../../api/json.ts'
import { computeSchemas, kcpSchemas, systemCrds } from './generated-tables.ts'
import { findKcpRule } from './kcp-rules.ts'

function rulesIn(value: JsonValue | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(rulesIn)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (name !== 'x-kubernetes-validations' || !Array.isArray(member)) return rulesIn(member)
    return member.flatMap(entry => (isJsonObject(entry) && typeof entry.rule === 'string' ? [entry.rule] : []))
  })
}

test("every rule of kcp's own schemas is known", () => {
  const rules = [...kcpSchemas, ...systemCrds, ...computeSchemas].flatMap(({ spec }) => rulesIn(spec))
  assert.ok(rules.length > 10)
  assert.deepEqual(
    [...new Set(rules)].filter(rule => findKcpRule(rule) === undefined),
    [],
  )
})
