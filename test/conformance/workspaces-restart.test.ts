// A server that ended between any two writes goes on where it was: nothing is lost, nothing is done twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import type { Store, StoreEvent } from '../../kcp/storage/store.ts'
import { type ControlPlane, startControlPlane } from '../harness/control-plane.ts'
import { until } from '../harness/until.ts'

const workspaces = { group: 'tenancy.kcp.io', version: 'v1alpha1', resource: 'workspaces' }
type Workspace = KubeObject & { status?: { phase?: string } }
const isReady = (workspace: Workspace | undefined) => workspace?.status?.phase === 'Ready'

async function createWorkspace(controlPlane: ControlPlane, name: string): Promise<void> {
  const root = controlPlane.client().cluster('root')
  const object = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name } }
  await root.create(workspaces, object)
  await until<Workspace>(root, { gvr: workspaces, name }, isReady)
}

async function historyOf(store: Store): Promise<StoreEvent[]> {
  const { revision } = store
  const done = new AbortController()
  const events: StoreEvent[] = []
  for await (const batch of store.watch('/registry/', 0, done.signal)) {
    events.push(...batch.events)
    if (batch.revision >= revision) break
  }
  done.abort()
  return events
}

async function replay(events: readonly StoreEvent[]): Promise<Store> {
  const store = createMemoryStore()
  const revisions = new Map<string, number>()
  for (const { type, key, value } of events) {
    const known = revisions.get(key)
    if (type === 'delete') await store.delete(key, known ?? 0)
    else
      revisions.set(key, known === undefined ? await store.create(key, value) : await store.update(key, value, known))
    if (type === 'delete') revisions.delete(key)
  }
  return store
}

test('a second start writes nothing', async () => {
  const store = createMemoryStore()
  const first = await startControlPlane({ store })
  await createWorkspace(first, 'kept')
  await first.settled()
  await first[Symbol.asyncDispose]()
  const { revision } = store
  await using second = await startControlPlane({ store })
  await second.settled()
  assert.equal(store.revision, revision)
})

test('ended after any write: the next start completes what was begun', async () => {
  const whole = createMemoryStore()
  await using controlPlane = await startControlPlane({ store: whole })
  await createWorkspace(controlPlane, 'late')
  const history = await historyOf(whole)
  const created = history.findIndex(event => event.key.endsWith('/root/late'))
  // Early cuts fall into bootstrap, the others into the birth of the workspace.
  const cuts = [1, 150, 190, 230, 270]
  for (let cut = created + 1; cut < history.length; cut += 5) cuts.push(cut)
  for (const cut of cuts.filter(cut => cut < history.length)) {
    await using restarted = await startControlPlane({ store: await replay(history.slice(0, cut)) })
    const root = restarted.client().cluster('root')
    if (cut <= created) await createWorkspace(restarted, 'late')
    await until<Workspace>(root, { gvr: workspaces, name: 'late' }, isReady)
    await until<Workspace>(root, { gvr: workspaces, name: 'compute' }, isReady)
  }
})
