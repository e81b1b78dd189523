import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareVersions } from './api-set.ts'

test('versions stand in the order Kubernetes prefers them', () => {
  const versions = ['v1alpha1', 'foo', 'v1', 'v1beta1', 'v2beta1', 'v10', 'v2', 'v1beta2', 'bar']
  const sorted = ['v10', 'v2', 'v1', 'v2beta1', 'v1beta2', 'v1beta1', 'v1alpha1', 'bar', 'foo']
  assert.deepEqual(versions.sort(compareVersions), sorted)
})
