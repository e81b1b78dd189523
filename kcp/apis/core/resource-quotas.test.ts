import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJsonObject, parseJson } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { resourceQuotaRules } from './resource-quotas.ts'

for (const [hard, messages] of [
  ['{"pods":"3","requests.cpu":1.50}', []],
  ['{"pods":9223372036854775808,"secrets":1.0}', []],
  ['{"pods":-1e2}', ['Invalid value: "-1e2": must be greater than or equal to 0']],
] as const) {
  test(`hard limits ${hard}`, () => {
    const quota = parseJson(`{"metadata":{"name":"q"},"spec":{"hard":${hard}}}`)
    assert.ok(isJsonObject(quota))
    const errors = resourceQuotaRules.strategy?.validate?.(quota as unknown as KubeObject) ?? []
    assert.deepEqual(
      errors.map(({ message }) => message),
      messages,
    )
  })
}
