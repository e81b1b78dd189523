import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Deployment, ReplicaSet } from '../../workloads.ts'
import { type Action, decide } from './decide.ts'

const now = new Date('2024-01-02T03:04:05Z')
const deployment = (spec: Partial<Deployment['spec']> = {}, image = 'a'): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'n', uid: 'u', generation: 3 },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } },
    ...spec,
  },
})

/** The ReplicaSet a deployment of this image would have made, as far as it has come. */
function replicaSet(image: string, spec: number, { available = spec, revision = 1 } = {}): ReplicaSet {
  const created = decide(deployment({}, image), [], now).actions.find(a => a.type === 'create')
  assert.ok(created?.type === 'create')
  const made = created.replicaSet
  return {
    ...made,
    metadata: { ...made.metadata, annotations: { 'deployment.kubernetes.io/revision': String(revision) } },
    spec: { ...made.spec, replicas: spec },
    status: { replicas: spec, readyReplicas: available, availableReplicas: available },
  }
}

const summary = (actions: Action[]) =>
  actions.map(a => {
    const image = a.replicaSet.spec.template.spec.containers[0]?.image
    if (a.type === 'create') return `create ${image}=${a.replicaSet.spec.replicas}`
    if (a.type === 'scale') return `scale ${image}=${a.replicas}`
    return a.type === 'set-revision' ? `revision ${image}=${a.revision}` : `delete ${image}`
  })

const cases: { name: string; deployment: Deployment; owned: ReplicaSet[]; want: string[] }[] = [
  { name: 'new: one set with all replicas', deployment: deployment(), owned: [], want: ['create a=4'] },
  { name: 'in sync: nothing', deployment: deployment(), owned: [replicaSet('a', 4)], want: [] },
  {
    name: 'scaled up: the set grows',
    deployment: deployment({ replicas: 6 }),
    owned: [replicaSet('a', 4)],
    want: ['scale a=6'],
  },
  { name: 'scaled to zero', deployment: deployment({ replicas: 0 }), owned: [replicaSet('a', 4)], want: ['scale a=0'] },
  {
    name: 'new image: surge of 25 %, one old pod may go',
    deployment: deployment({}, 'b'),
    owned: [replicaSet('a', 4)],
    want: ['create b=1', 'scale a=3'],
  },
  {
    name: 'mid-way: the new pod is not available yet, so nothing more goes',
    deployment: deployment({}, 'b'),
    owned: [replicaSet('a', 3), replicaSet('b', 2, { available: 0, revision: 2 })],
    want: [],
  },
  {
    name: 'mid-way: new pods available, old ones follow',
    deployment: deployment({}, 'b'),
    owned: [replicaSet('a', 3), replicaSet('b', 2, { available: 2, revision: 2 })],
    want: ['scale a=1'],
  },
  {
    name: 'the end of a rollout',
    deployment: deployment({}, 'b'),
    owned: [replicaSet('a', 1), replicaSet('b', 4, { revision: 2 })],
    want: ['scale a=0'],
  },
  { name: 'paused: nothing', deployment: deployment({ paused: true }, 'b'), owned: [replicaSet('a', 4)], want: [] },
  {
    name: 'recreate: the old set goes first',
    deployment: deployment({ strategy: { type: 'Recreate' } }, 'b'),
    owned: [replicaSet('a', 4)],
    want: ['scale a=0'],
  },
  {
    name: 'recreate: the new set when the old pods are gone',
    deployment: deployment({ strategy: { type: 'Recreate' } }, 'b'),
    owned: [replicaSet('a', 0)],
    want: ['create b=4'],
  },
  {
    name: 'roll back: the old set gets the newest revision',
    deployment: deployment({ replicas: 1 }, 'a'),
    owned: [replicaSet('a', 0, { revision: 1 }), replicaSet('b', 1, { revision: 2 })],
    want: ['scale a=1', 'revision a=3'],
  },
  {
    name: 'history: idle sets beyond the limit go, oldest first',
    deployment: deployment({ revisionHistoryLimit: 1 }, 'c'),
    owned: [
      replicaSet('a', 0, { revision: 1 }),
      replicaSet('b', 0, { revision: 2 }),
      replicaSet('c', 4, { revision: 3 }),
    ],
    want: ['delete a'],
  },
]

describe('a deployment', () => {
  for (const { name, deployment, owned, want } of cases) {
    test(name, () => assert.deepEqual(summary(decide(deployment, owned, now).actions), want))
  }

  test('status says available once the pods are, and is written once', () => {
    const owned = [replicaSet('a', 4)]
    const { status } = decide(deployment(), owned, now)
    assert.equal(status?.observedGeneration, 3)
    assert.equal(status?.readyReplicas, 4)
    assert.deepEqual(
      status?.conditions?.map(c => `${c.type} ${c.status} ${c.reason}`),
      ['Available True MinimumReplicasAvailable', 'Progressing True NewReplicaSetAvailable'],
    )
    assert.equal(decide({ ...deployment(), ...(status ? { status } : {}) }, owned, new Date()).status, undefined)
  })
})
