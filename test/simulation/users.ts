// Users of kcp: they write, delete and make again what they like, place and unplace namespaces, and take the SyncTarget
// out of service. What the server accepted is remembered: in the end it must be there.

import { softFinalizersAnnotation } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { syncTargets } from '../harness/compute.ts'
import { syncTargetName } from './agent.ts'
import { type Content, kinds, names, namespaceNames, namespacesGvr, type SimulatedKind } from './objects.ts'
import { unplacedLabel, type World, workspaceNames } from './world.ts'

export interface Users {
  /** One of the things users do. */
  act(): void
  /** Takes back whatever would keep objects from their way. */
  letGo(): Promise<void>
  deleteSyncTarget(): Promise<void>
  /** `<workspace>/<namespace>/<kind>/<name>` → content as accepted last. */
  readonly accepted: ReadonlyMap<string, Content>
}

interface Place {
  readonly workspace: string
  readonly client: Client
  readonly namespace: string
}

export function createUsers(world: World): Users {
  const chance = world.chance.stream('users')
  const accepted = new Map<string, Content>()
  let count = 0
  const kcp = () => world.servers.kcp.client
  const anyPlace = (): Place => {
    const workspace = chance.pick(workspaceNames)
    return { workspace, client: kcp().cluster(`root:${workspace}`), namespace: chance.pick(namespaceNames) }
  }
  const keyOf = ({ workspace, namespace }: Place, kind: SimulatedKind, name: string) =>
    `${workspace}/${namespace}/${kind.kind}/${name}`
  const perform = (text: string, work: () => Promise<unknown>): Promise<void> =>
    world.timeline.running(attempt(world, text, work))
  const newContent = (): Content => {
    count += 1
    return { [chance.pick(['first', 'second', 'third'])]: `value ${count}`, third: `also ${count}` }
  }

  const write = (): void => {
    const [place, kind, name, content] = [anyPlace(), chance.pick(kinds), chance.pick(names), newContent()]
    const { client, namespace } = place
    const key = keyOf(place, kind, name)
    const body = kind.make(name, namespace, content)
    void perform(`writes ${key} ${JSON.stringify(content)}`, async () => {
      try {
        await client.create(kind.gvr, body)
      } catch (error) {
        if (!(error instanceof StatusError) || error.status.reason !== 'AlreadyExists') throw error
        const target = { name, namespace }
        const stored = await client.patch(kind.gvr, target, { type: 'merge', body: kind.change(content) })
        if (stored.metadata.deletionTimestamp) return
      }
      accepted.set(key, kind.contentOf(body))
    })
  }
  const remove = (again: boolean): void => {
    const [place, kind, name] = [anyPlace(), chance.pick(kinds), chance.pick(names)]
    const { client, namespace } = place
    const key = keyOf(place, kind, name)
    void perform(`deletes ${key}${again ? ' and makes it again' : ''}`, async () => {
      await client.delete(kind.gvr, { name, namespace })
      accepted.delete(key)
      if (!again) return
      const body = kind.make(name, namespace, newContent())
      await client.create(kind.gvr, body)
      accepted.set(key, kind.contentOf(body))
    })
  }
  const annotate = (metadata: (on: boolean) => object, text: string): void => {
    const [place, kind, name] = [anyPlace(), chance.pick(kinds), chance.pick(names)]
    const on = chance.happens(0.5)
    const target = { name, namespace: place.namespace }
    void perform(`${on ? 'sets' : 'takes'} ${text} ${keyOf(place, kind, name)}`, () =>
      place.client.patch(kind.gvr, target, { type: 'merge', body: { metadata: metadata(on) } }),
    )
  }
  const soft = softFinalizersAnnotation(world.syncTargetKey)
  const replaceNamespace = (): void => {
    const { workspace, client } = anyPlace()
    const name = chance.pick(namespaceNames.slice(1))
    if (chance.happens(0.35)) {
      void perform(`deletes namespace ${workspace}/${name}`, async () => {
        await client.delete(namespacesGvr, { name })
        for (const key of accepted.keys()) if (key.startsWith(`${workspace}/${name}/`)) accepted.delete(key)
      })
    } else {
      void perform(`makes namespace ${workspace}/${name}`, () =>
        client.create<KubeObject>(namespacesGvr, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
      )
    }
  }
  const place = (): void => {
    const { workspace, client, namespace: name } = anyPlace()
    const isPlaced = chance.happens(0.6)
    const body = { metadata: { labels: { [unplacedLabel]: isPlaced ? null : 'true' } } }
    void perform(`${isPlaced ? 'places' : 'unplaces'} namespace ${workspace}/${name}`, () =>
      client.patch(namespacesGvr, { name }, { type: 'merge', body }),
    )
  }
  const cordon = (isOut: boolean): Promise<void> => {
    const spec = { unschedulable: isOut, evictAfter: isOut ? new Date(world.timeline.now()).toISOString() : null }
    const evicted = { ...spec, evictAfter: spec.evictAfter?.replace(/\.\d+Z$/, 'Z') ?? null }
    return perform(`${isOut ? 'takes the SyncTarget out of' : 'puts the SyncTarget into'} service`, () =>
      kcp()
        .cluster('root:locations')
        .patch(syncTargets, { name: syncTargetName }, { type: 'merge', body: { spec: evicted } }),
    )
  }
  const label = () => annotate(on => ({ labels: { color: on ? 'red' : null } }), 'a label of')
  const holdSoftly = () => annotate(on => ({ annotations: { [soft]: on ? 'wait' : null } }), 'a soft finalizer of')
  const hold = () => annotate(on => ({ finalizers: on ? ['users.io/hold'] : null }), 'an own finalizer of')
  const force = (): void => {
    const [place, kind, name] = [anyPlace(), chance.pick(kinds), chance.pick(names)]
    const target = { name, namespace: place.namespace }
    void perform(`takes all finalizers of ${keyOf(place, kind, name)}`, () =>
      place.client.patch(kind.gvr, target, { type: 'merge', body: { metadata: { finalizers: null } } }),
    )
  }
  const acts: readonly (() => void)[] = [
    ...Array.from({ length: 10 }, () => write),
    ...Array.from({ length: 4 }, () => () => remove(false)),
    () => remove(true),
    () => remove(true),
    label,
    label,
    holdSoftly,
    hold,
    force,
    replaceNamespace,
    replaceNamespace,
    replaceNamespace,
    place,
    place,
    () => void cordon(chance.happens(0.3)),
  ]
  return {
    accepted,
    act: () => chance.pick(acts)(),
    deleteSyncTarget: () =>
      perform('deletes the SyncTarget', () =>
        kcp().cluster('root:locations').delete(syncTargets, { name: syncTargetName }),
      ),
    async letGo() {
      await cordon(false)
      for (const workspace of workspaceNames) {
        for (const kind of kinds) {
          const client = kcp().cluster(`root:${workspace}`)
          for (const { metadata } of (await client.list(kind.gvr)).items) {
            const { name, namespace = '', annotations, finalizers } = metadata
            const held = finalizers?.includes('users.io/hold')
            if (annotations?.[soft] === undefined && !held) continue
            const kept = { finalizers: finalizers?.filter(each => each !== 'users.io/hold') ?? [] }
            const body = { metadata: { annotations: { [soft]: null }, ...(held ? kept : {}) } }
            await perform(`lets ${namespace}/${name} go`, () =>
              client.patch(kind.gvr, { name, namespace }, { type: 'merge', body }),
            )
          }
        }
      }
    },
  }
}

/** A refusal is an answer like others; anything else is a mistake of the simulation. */
export async function attempt(world: World, text: string, work: () => Promise<unknown>, who = 'user'): Promise<void> {
  try {
    await work()
    world.trace.tell(who, text)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    world.trace.tell(who, `${text}: ${error.code} ${error.message}`)
  }
}
