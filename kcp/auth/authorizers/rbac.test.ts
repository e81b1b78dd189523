import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attributes } from '../authorizer.ts'
import { type PolicyRule, ruleCovers, subjectKey, subjectKeysOf, uncoveredRules } from './rbac.ts'

const user = { username: 'eve', groups: ['g'] }

function rule(part: Partial<PolicyRule>): PolicyRule {
  return { verbs: ['get'], apiGroups: [''], resources: [], resourceNames: [], nonResourceUrls: [], ...part }
}

function asked(part: Partial<Attributes>): Attributes {
  const about = { group: '', version: 'v1', resource: 'pods', subresource: '', namespace: '', name: '', path: '' }
  return { user, cluster: '', verb: 'get', isResource: true, ...about, ...part }
}
const url = (path: string): Attributes => asked({ isResource: false, path, resource: '' })

const table: { name: string; rule: PolicyRule; asked: Attributes; want: boolean }[] = [
  { name: 'same resource', rule: rule({ resources: ['pods'] }), asked: asked({}), want: true },
  { name: 'other verb', rule: rule({ resources: ['pods'] }), asked: asked({ verb: 'list' }), want: false },
  { name: 'other group', rule: rule({ resources: ['pods'] }), asked: asked({ group: 'apps' }), want: false },
  { name: 'all groups', rule: rule({ apiGroups: ['*'], resources: ['*'] }), asked: asked({ group: 'x' }), want: true },
  { name: 'no subresource', rule: rule({ resources: ['pods'] }), asked: asked({ subresource: 'log' }), want: false },
  { name: 'subresource', rule: rule({ resources: ['pods/log'] }), asked: asked({ subresource: 'log' }), want: true },
  { name: 'subresource only', rule: rule({ resources: ['pods/log'] }), asked: asked({}), want: false },
  { name: 'any scale', rule: rule({ resources: ['*/scale'] }), asked: asked({ subresource: 'scale' }), want: true },
  { name: 'star', rule: rule({ resources: ['*'] }), asked: asked({ subresource: 'log' }), want: true },
  {
    name: 'named',
    rule: rule({ resources: ['pods'], resourceNames: ['a'] }),
    asked: asked({ name: 'a' }),
    want: true,
  },
  {
    name: 'list of a named one',
    rule: rule({ resources: ['pods'], resourceNames: ['a'] }),
    asked: asked({}),
    want: false,
  },
  { name: 'path', rule: rule({ nonResourceUrls: ['/api'] }), asked: url('/api'), want: true },
  { name: 'path below', rule: rule({ nonResourceUrls: ['/api'] }), asked: url('/api/v1'), want: false },
  { name: 'path with star', rule: rule({ nonResourceUrls: ['/api/*'] }), asked: url('/api/v1'), want: true },
  { name: 'all resources are no path', rule: rule({ resources: ['*'] }), asked: url('/api'), want: false },
]
for (const { name, rule: held, asked: attributes, want } of table) {
  test(`a rule covers: ${name} is ${want}`, () => assert.equal(ruleCovers(held, attributes), want))
}

test('a ServiceAccount subject is the user of that name', () => {
  const key = subjectKey({ kind: 'ServiceAccount', namespace: 'ns', name: 'sa' })
  assert.deepEqual(subjectKeysOf({ username: 'system:serviceaccount:ns:sa', groups: ['g'] }), [key, 'Group:g'])
})

test('an escalation is each verb, resource and path that is not held', () => {
  const held = [rule({ resources: ['pods', '*/scale'], verbs: ['get', 'list'] }), rule({ nonResourceUrls: ['/api/*'] })]
  const covered = [
    rule({ resources: ['pods', 'things/scale'] }),
    rule({ resources: ['pods'], resourceNames: ['a'] }),
    rule({ apiGroups: [], nonResourceUrls: ['/api/v1'] }),
  ]
  assert.deepEqual(uncoveredRules(held, covered), [])
  const wanted = rule({ resources: ['pods', 'secrets'], verbs: ['get', 'delete'] })
  assert.deepEqual(
    uncoveredRules(held, [wanted]).map(({ verbs, resources }) => [...verbs, ...resources].join(' ')),
    ['get secrets', 'delete pods', 'delete secrets'],
  )
})
