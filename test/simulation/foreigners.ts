// Other people in the physical cluster: they change and delete what is synced, write the statuses of what runs, and have
// objects of their own, which nobody else may touch.
import { downstreamKeyLabel } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { type Content, kinds, namespacesGvr, type SimulatedKind } from './objects.ts'
import { attempt } from './users.ts'
import type { World } from './world.ts'

export interface Foreigners {
  act(): void
  letGo(): Promise<void>
  /** Changes every copy there is. */
  changeAll(): Promise<void>
  /** `<namespace>/<kind>/<name>` of their own objects, with the uid. */
  readonly own: ReadonlyMap<string, string>
}

const holdFinalizer = 'foreign.io/hold'
const fieldManager = 'foreigner'

export function createForeigners(world: World): Foreigners {
  const chance = world.chance.stream('foreigners')
  const own = new Map<string, string>()
  let count = 0
  const client = (): Client => world.servers.physical.client
  const labelSelector = `${downstreamKeyLabel}=${world.syncTargetKey}`
  const perform = (text: string, work: () => Promise<unknown>): Promise<void> =>
    world.timeline.running(attempt(world, text, work, 'foreigner'))
  const withOne = (
    kind: SimulatedKind,
    text: string,
    work: (object: KubeObject, target: { name: string; namespace: string }) => Promise<unknown>,
  ): void => {
    const dice = chance.random()
    void perform(text, async () => {
      const { items } = await client().list(kind.gvr, { labelSelector })
      const object = items[Math.floor(dice * items.length)]
      if (!object) return
      const { name, namespace = '' } = object.metadata
      world.trace.tell('foreigner', `${text}: ${kind.kind} ${namespace}/${name}`)
      await work(object, { name, namespace })
    })
  }
  const patch = (text: string, bodyOf: (kind: SimulatedKind, object: KubeObject) => object): void => {
    const kind = chance.pick(kinds)
    withOne(kind, text, (object, target) =>
      client().patch(kind.gvr, target, { type: 'merge', body: bodyOf(kind, object) }, { fieldManager }),
    )
  }
  const drifted = (): Content => ({ third: `drift ${++count}` })
  const inNamespace = (text: string, work: (name: string) => Promise<unknown>): void => {
    const dice = chance.random()
    void perform(text, async () => {
      const { items } = await client().list(namespacesGvr, { labelSelector })
      const name = items[Math.floor(dice * items.length)]?.metadata.name
      if (name) await work(name)
    })
  }
  const acts: Readonly<Record<string, () => void>> = {
    drift: () => patch('drifts', kind => kind.change(drifted())),
    driftAgain: () => patch('drifts', kind => kind.change(drifted())),
    add: () => patch('adds a label', () => ({ metadata: { labels: { 'foreign-label': 'x' } } })),
    unlabel: () => patch('takes our label', () => ({ metadata: { labels: { [downstreamKeyLabel]: null } } })),
    hold: () => patch('holds', () => ({ metadata: { finalizers: [holdFinalizer] } })),
    unhold: () => patch('lets go', () => ({ metadata: { finalizers: [] } })),
    remove: () => {
      const kind = chance.pick(kinds)
      withOne(kind, 'deletes', (_object, target) => client().delete(kind.gvr, target))
    },
    report,
    reportAgain: report,
    reportOnce: report,
    create: () =>
      inNamespace('makes an own object', async namespace => {
        const name = `foreign-${++count}`
        const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { mine: 'x' } }
        const made = await client().create<KubeObject>({ ...namespacesGvr, resource: 'configmaps' }, body)
        own.set(`${namespace}/ConfigMap/${name}`, made.metadata.uid ?? '')
      }),
    removeOwn: () => {
      const [first] = own.keys()
      if (first !== undefined) void perform(`deletes own ${first}`, () => removeOwn(first))
    },
    unlabelNamespace: () =>
      inNamespace('takes our label off a namespace', name => {
        const body = { metadata: { labels: { [downstreamKeyLabel]: null } } }
        return client().patch(namespacesGvr, { name }, { type: 'merge', body }, { fieldManager })
      }),
    removeNamespace: () =>
      inNamespace('deletes a namespace', async name => {
        await client().delete(namespacesGvr, { name })
        for (const key of own.keys()) if (key.startsWith(`${name}/`)) own.delete(key)
      }),
  }
  const weights: Readonly<Record<string, number>> = {
    removeNamespace: 0.3,
    create: 0.4,
    unlabel: 0.5,
    unlabelNamespace: 0.2,
  }

  function report(): void {
    const kind = kinds[2]
    if (!kind) return
    const ready = chance.below(4)
    withOne(kind, `reports ${ready} ready`, (object, target) => {
      const { generation = 1 } = object.metadata as { generation?: number }
      const observedGeneration = generation - (chance.happens(0.3) ? 1 : 0)
      const status = { observedGeneration, replicas: 3, readyReplicas: ready, updatedReplicas: 3 - ready }
      return client().patch(
        kind.gvr,
        { ...target, subresource: 'status' },
        { type: 'merge', body: { status } },
        { fieldManager },
      )
    })
  }
  async function removeOwn(key: string): Promise<void> {
    const [namespace = '', , name = ''] = key.split('/')
    own.delete(key)
    await client().delete({ ...namespacesGvr, resource: 'configmaps' }, { namespace, name })
  }
  return {
    own,
    act() {
      for (;;) {
        const name = chance.pick(Object.keys(acts))
        if (!chance.happens(weights[name] ?? 1)) continue
        acts[name]?.()
        return
      }
    },
    async changeAll() {
      for (const kind of kinds) {
        for (const { metadata } of (await client().list(kind.gvr, { labelSelector })).items) {
          const { name, namespace = '' } = metadata
          const patchBody = { type: 'merge', body: kind.change(drifted()) } as const
          await perform(`changes ${namespace}/${name}`, () =>
            client().patch(kind.gvr, { name, namespace }, patchBody, { fieldManager }),
          )
        }
      }
    },
    async letGo() {
      for (const kind of kinds) {
        for (const { metadata } of (await client().list(kind.gvr)).items) {
          if (!metadata.finalizers?.includes(holdFinalizer)) continue
          const { name, namespace = '' } = metadata
          const body = { metadata: { finalizers: [] } }
          await perform(`lets ${namespace}/${name} go`, () =>
            client().patch(kind.gvr, { name, namespace }, { type: 'merge', body }),
          )
        }
      }
    },
  }
}
