import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Topology } from '../topology.ts'
import type { Owner } from './field-owners.ts'
import { reconcileOwners } from './reconcile-fields.ts'

const text: Topology = { type: 'string' }
const versionsOf = (spec: Topology) => () => ({ topology: { fields: { spec } } })
const owner = (spec: object): Owner => ({
  manager: 'm',
  operation: 'Apply',
  apiVersion: 'v1',
  subresource: '',
  time: undefined,
  fields: { 'f:spec': spec } as Owner['fields'],
})

test('who owned elements of a list owns it when it became atomic', () => {
  const versions = versionsOf({ type: 'object', fields: { list: { type: 'array', items: text } } })
  const [changed] = reconcileOwners([owner({ 'f:list': { '.': {}, 'v:"a"': {} }, 'f:x': {} })], versions)
  assert.deepEqual(changed?.fields, { 'f:spec': { 'f:list': {}, 'f:x': {} } })
})

test('the same list comes back when all fits', () => {
  const owners = [owner({ 'f:set': { '.': {}, 'v:"a"': {} } })]
  const versions = versionsOf({ type: 'object', fields: { set: { type: 'array', listType: 'set', items: text } } })
  assert.equal(reconcileOwners(owners, versions), owners)
})
