import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../../api/objects.ts'
import { createUpsyncerWorkspace, withDiff } from './upsyncer-workspace.ts'

const diff = 'internal.workload.kcp.io/upsyncdiffk'
const pod = (annotations: Record<string, string>, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', labels, annotations },
  spec: { nodeName: 'n' },
})

test('a diff is applied and leaves no trace', () => {
  const changed = withDiff(pod({ [diff]: '[{"op":"remove","path":"/spec/nodeName"}]', note: 'x' }), 'k')
  assert.deepEqual(changed, { ...pod({ note: 'x' }), spec: {} })
})

test('a diff may not say what the object is', () => {
  for (const path of ['/metadata/labels/a', '/kind', '/apiVersion', '']) {
    const body = pod({ [diff]: JSON.stringify([{ op: 'add', path, value: 'x' }]) })
    const message = 'metadata, apiversion or kind cannot be modified by a transformation'
    assert.throws(() => withDiff(body, 'k'), { message })
  }
})

test('only objects that carry the label of the target', () => {
  const workspace = createUpsyncerWorkspace({ key: 'k', resources: [] })
  const message = 'label selector [{"state.workload.kcp.io/k" "=" ["Upsync"]}] does not match labels map[]'
  assert.throws(() => workspace.prepareCreate?.(pod({})), { message, code: 400 })
  const labelled = pod({}, { 'state.workload.kcp.io/k': 'Upsync' })
  assert.equal(workspace.prepareCreate?.(labelled), labelled)
})
