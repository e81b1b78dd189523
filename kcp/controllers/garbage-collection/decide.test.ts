import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnerReference } from '../../../api/objects.ts'
import { type Action, decide, type OwnerState } from './decide.ts'

const reference = (uid: string): OwnerReference => ({ apiVersion: 'v1', kind: 'ConfigMap', name: uid, uid })

const cases: { name: string; owners: OwnerState[]; finalizers?: string[]; hasDependents?: boolean; want: Action }[] = [
  { name: 'no owners: nothing', owners: [], want: { type: 'nothing' } },
  { name: 'owner there: nothing', owners: ['exists'], want: { type: 'nothing' } },
  { name: 'API of the owner not served: nothing', owners: ['unknown'], want: { type: 'nothing' } },
  { name: 'owner gone: deleted', owners: ['absent'], want: { type: 'delete', policy: 'Background' } },
  {
    name: 'one of two owners gone: only its reference goes',
    owners: ['absent', 'exists'],
    want: { type: 'drop-references', keep: [reference('1')] },
  },
  {
    name: 'owner waits: dependents of the dependent are waited for, too',
    owners: ['waits-for-dependents'],
    hasDependents: true,
    want: { type: 'delete', policy: 'Foreground' },
  },
  {
    name: 'an object that orphans its own keeps to that',
    owners: ['absent'],
    finalizers: ['orphan'],
    want: { type: 'delete', policy: 'Orphan' },
  },
]
for (const { name, owners, finalizers = [], hasDependents = false, want } of cases) {
  test(name, () => {
    const ownerReferences = owners.map((_, index) => reference(String(index)))
    const metadata = { name: 'x', ownerReferences, finalizers }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
    assert.deepEqual(decide({ object, owners, hasDependents }), want)
  })
}
