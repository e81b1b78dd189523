import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aggregatedRules, type ClusterRole } from './decide.ts'

const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] })

function role(name: string, more: Partial<ClusterRole> = {}, labels: Record<string, string> = {}): ClusterRole {
  const identity = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' }
  return { ...identity, metadata: { name, labels }, ...more }
}
const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] }
const parts = [
  role('b', { rules: [rule('secrets'), rule('pods')] }, { part: 'yes' }),
  role('a', { rules: [rule('pods')] }, { part: 'yes' }),
  role('other', { rules: [rule('nodes')] }),
]

test('rules of the selected roles, by name, each once', () => {
  const whole = role('whole', { aggregationRule, rules: [] }, { part: 'yes' })
  assert.deepEqual(aggregatedRules(whole, [...parts, whole]), [rule('pods'), rule('secrets')])
})

test('nothing to write when it has them', () => {
  const whole = role('whole', { aggregationRule, rules: [rule('pods'), rule('secrets')] })
  assert.equal(aggregatedRules(whole, parts), undefined)
})

test('no role selected any more: no rules', () => {
  assert.deepEqual(aggregatedRules(role('whole', { aggregationRule, rules: [rule('pods')] }), []), [])
})
