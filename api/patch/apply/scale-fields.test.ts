import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Owner } from './field-owners.ts'
import { toParentOwners, toScaleOwners } from './scale-fields.ts'

const pathOf = (apiVersion: string) => (apiVersion === 'apps/v1' ? ['spec', 'replicas'] : undefined)
const replicas = { 'f:spec': { 'f:replicas': {} } }
const both = { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } }

function owner(manager: string, fields: Owner['fields'], rest: Partial<Owner> = {}): Owner {
  return { manager, operation: 'Apply', apiVersion: 'apps/v1', subresource: '', time: 'then', fields, ...rest }
}
const inScale = { apiVersion: 'autoscaling/v1', fields: replicas }

test('a Scale shows the owners of the replicas alone', () => {
  const owners = [
    owner('a', both),
    owner('b', { 'f:spec': { 'f:paused': {} } }),
    owner('c', both, { apiVersion: 'v9' }),
  ]
  assert.deepEqual(toScaleOwners(owners, pathOf), [owner('a', both, inScale)])
})

test('an applier that keeps the replicas keeps its entry; one that lost them keeps the rest', () => {
  const owners = [owner('a', both), owner('b', both)]
  const scale = [owner('a', both, inScale), owner('new', both, { ...inScale, subresource: 'scale' })]
  assert.deepEqual(toParentOwners(scale, { owners, apiVersion: 'apps/v1', pathOf }), [
    owner('a', both),
    owner('b', { 'f:spec': { 'f:paused': {} } }),
    owner('new', replicas, { subresource: 'scale', time: undefined }),
  ])
})

test('an updater gets an entry without time for its replicas, as in Kubernetes', () => {
  const owners = [owner('u', both, { operation: 'Update' })]
  const scale = toScaleOwners(owners, pathOf)
  assert.deepEqual(toParentOwners(scale, { owners, apiVersion: 'apps/v1', pathOf }), [
    owner('u', { 'f:spec': { 'f:paused': {} } }, { operation: 'Update' }),
    owner('u', replicas, { operation: 'Update', time: undefined }),
  ])
})
