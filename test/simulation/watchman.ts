// What must hold at every step. Looks at each write of the agent right before and after a server carries it out, and
// follows what upstream said over time, so that it can tell what the agent may have known.
import { isJsonObject } from '../../api/json.ts'
import {
  deletionAnnotation,
  downstreamKeyLabel,
  namespaceLocatorAnnotation,
  stateLabel,
  syncerFinalizer,
} from '../../api/names/kcp-keys.ts'
import { parseNamespaceLocator } from '../../api/names/namespace-locator.ts'
import { clusterAnnotation, type GroupVersionResource, type KubeObject } from '../../api/objects.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { Store } from '../../kcp/storage/store.ts'
import { upstreamName } from '../../syncer/transforms/names.ts'
import type { Exchange, Observe } from './network.ts'
import { namespacesGvr } from './objects.ts'
import type { World } from './world.ts'

export interface Watchman {
  readonly observe: Observe
  readonly violations: readonly string[]
  /** Writes of the agent besides heartbeats, as servers accepted them. */
  readonly writes: number
  /** Follows the store of kcp; call it once, at the start. */
  follow(): void
}

/** A watch that went silent is found out after its own time. */
export const silenceMsMax = 11 * 60_000

interface Addressed {
  readonly gvr: GroupVersionResource
  readonly cluster: string
  readonly namespace: string
  readonly name: string
  readonly subresource: string
}

export function createWatchman(world: World): Watchman {
  const violations: string[] = []
  /** By kind, cluster, namespace and name. */
  const upstream = new Map<string, Wish>()
  /** Downstream objects that had our label once: the agent may learn late that somebody took it off. */
  const everOurs = new Set<string>()
  let writes = 0
  const key = world.syncTargetKey
  const isUnwanted = ({ metadata }: KubeObject) =>
    metadata.labels?.[stateLabel(key)] !== 'Sync' ||
    metadata.deletionTimestamp !== undefined ||
    metadata.annotations?.[deletionAnnotation(key)] !== undefined
  /** It may have been seen late; what is older than the longest silence is known. */
  const mayBeUnwanted = (text: string) => {
    const wish = upstream.get(text)
    if (!wish || wish.isGone || !wish.isWanted || wish.wasUnwanted) return true
    return wish.hasPredecessor && world.timeline.now() - wish.sinceMs < silenceMsMax
  }
  const violated = (text: string) => {
    violations.push(text)
    world.trace.tell('VIOLATION', text)
  }
  const physical = () => world.servers.physical.client

  async function beforeDelete(at: Addressed, exchange: Exchange): Promise<void> {
    const object = await getOrUndefined(physical(), at)
    const uid = uidOf(exchange)
    if (!object || (uid !== undefined && object.metadata.uid !== uid)) return
    const subject = `${at.gvr.resource} ${at.namespace}/${at.name}`
    if (uid === undefined) violated(`a delete of ${subject} does not say which uid`)
    if (at.gvr.resource === 'namespaces') {
      if (!everOurs.has(object.metadata.uid ?? '')) violated(`deletes the foreign namespace ${at.name}`)
      return
    }
    if (!everOurs.has(object.metadata.uid ?? '')) return violated(`deletes ${subject}, which was never ours`)
    const text = await upstreamText(at, object.kind)
    if (text === undefined) return violated(`deletes ${subject}, whose namespace is not ours`)
    if (!mayBeUnwanted(text)) violated(`deletes ${subject}, though upstream always wanted it`)
  }

  async function upstreamText({ namespace, name, gvr }: Addressed, kind: string): Promise<string | undefined> {
    const locator = await locatorOf(physical(), namespace)
    return locator && `${kind} ${locator.cluster}|${locator.namespace}/${upstreamName(gvr, name)}`
  }

  async function beforeApply(at: Addressed): Promise<void> {
    if (at.gvr.resource === 'namespaces' || at.namespace === '') return
    const locator = await locatorOf(physical(), at.namespace)
    if (locator && locator.syncTarget.uid !== world.syncTargetUid) violated(`writes to the foreign ${at.namespace}`)
    const isThere = await getOrUndefined(physical(), { ...at, gvr: namespacesGvr, namespace: '', name: at.namespace })
    if (isThere && !locator) violated(`writes to the foreign namespace ${at.namespace}`)
  }

  return {
    violations,
    get writes() {
      return writes
    },
    follow() {
      void eachObject(world.stores.kcp, (object, isGone) => {
        const { namespace = '', name, annotations } = object.metadata
        const text = `${object.kind} ${annotations?.[clusterAnnotation]}|${namespace}/${name}`
        upstream.set(text, wishOf(upstream.get(text), { object, isGone, isWanted: !isUnwanted(object) }, world))
      })
      void eachObject(world.stores.physical, ({ metadata }) => {
        if (metadata.labels?.[downstreamKeyLabel] === key) everOurs.add(metadata.uid ?? '')
      })
    },
    async observe(exchange) {
      const { request, link } = exchange
      if (request.method === 'GET' || isHarmless(request.path)) return undefined
      const at = addressOf(request.path)
      if (!at) {
        violated(`writes to ${request.path}`)
        return undefined
      }
      if (link.name === 'physical') {
        if (request.method === 'DELETE') await beforeDelete(at, exchange)
        else await beforeApply(at)
      }
      const release = link.name === 'kcp' ? await releaseOf(at, exchange) : undefined
      return async status => {
        if (status < 400) writes += 1
        if (status < 400 && release) await afterRelease(at, release)
      }
    },
  }

  /** The object, when the write takes the finalizer off that holds it. */
  async function releaseOf(at: Addressed, { request }: Exchange): Promise<KubeObject | undefined> {
    if (!request.path.startsWith('/services/') || request.method !== 'PUT') return undefined
    const body = parsed(Buffer.from(request.body ?? ''))
    const isHeld = body?.metadata.finalizers?.includes(syncerFinalizer(key)) ?? false
    return isHeld ? undefined : getOrUndefined(world.servers.kcp.client.cluster(at.cluster), at)
  }

  async function afterRelease(at: Addressed, before: KubeObject): Promise<void> {
    if (!before.metadata.finalizers?.includes(syncerFinalizer(key))) return
    const { items } = await physical().list(namespacesGvr, { labelSelector: `${downstreamKeyLabel}=${key}` })
    for (const { metadata } of items) {
      const locator = await locatorOf(physical(), metadata.name)
      if (locator?.cluster !== at.cluster || locator.namespace !== at.namespace) continue
      const { items: copies } = await physical().list(at.gvr, { namespace: metadata.name })
      const copy = copies.find(
        each =>
          upstreamName(at.gvr, each.metadata.name) === at.name && each.metadata.labels?.[downstreamKeyLabel] === key,
      )
      if (copy) violated(`releases ${at.gvr.resource} ${at.namespace}/${at.name} while ${metadata.name} has its copy`)
    }
  }
}

/** Whether upstream wants a copy of an object, and whether the one of this uid was ever asked to go. */
interface Wish {
  readonly uid: string
  readonly isWanted: boolean
  readonly isGone: boolean
  /** Since it was wanted first. */
  readonly wasUnwanted: boolean
  readonly wasWanted: boolean
  readonly hasPredecessor: boolean
  readonly sinceMs: number
}

function wishOf(
  before: Wish | undefined,
  now: { object: KubeObject; isGone: boolean; isWanted: boolean },
  { timeline }: World,
): Wish {
  const { isGone, isWanted } = now
  const { uid = '' } = now.object.metadata
  const known = before?.uid === uid ? before : undefined
  return {
    uid,
    isWanted,
    isGone,
    wasWanted: isWanted || (known?.wasWanted ?? false),
    wasUnwanted: (known?.wasUnwanted ?? false) || ((known?.wasWanted ?? false) && !isWanted),
    hasPredecessor: known?.hasPredecessor ?? before !== undefined,
    sinceMs: known?.sinceMs ?? timeline.now(),
  }
}

async function eachObject(store: Store, visit: (object: KubeObject, isGone: boolean) => void): Promise<void> {
  for await (const { events } of store.watch('/registry/', 0)) {
    for (const { type, value } of events) {
      const object = parsed(value)
      if (object?.metadata) visit(object, type === 'delete')
    }
  }
}

/** What may be written at any time: questions, heartbeats and conditions, descriptions of APIs. */
function isHarmless(path: string): boolean {
  return /selfsubjectaccessreviews|\/synctargets\/[^/]+\/status|\/apiresourceimports/.test(path)
}

const addressPattern =
  /^(?:\/services\/syncer\/[^/]+\/[^/]+\/[^/]+)?(?:\/clusters\/([^/]+))?\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+)(?=\/[^/?]+\/?))?\/([^/?]+)(?:\/([^/?]+))?(?:\/([^/?]+))?(?:\?.*)?$/

function addressOf(path: string): Addressed | undefined {
  const found = addressPattern.exec(path)
  if (!found) return undefined
  const [, cluster = '', group = '', version = '', namespace = '', resource = '', name = '', subresource = ''] = found
  return { gvr: { group, version, resource }, cluster, namespace, name, subresource }
}

function uidOf({ request }: Exchange): string | undefined {
  const body: unknown = JSON.parse(Buffer.from(request.body ?? '{}').toString())
  if (!isJsonObject(body) || !isJsonObject(body.preconditions)) return undefined
  return typeof body.preconditions.uid === 'string' ? body.preconditions.uid : undefined
}

function parsed(value: Uint8Array): KubeObject | undefined {
  const object: unknown = JSON.parse(Buffer.from(value).toString() || 'null')
  return isJsonObject(object) ? (object as unknown as KubeObject) : undefined
}

async function getOrUndefined(client: Client, { gvr, namespace, name }: Addressed): Promise<KubeObject | undefined> {
  try {
    return await client.get(gvr, namespace === '' ? { name } : { namespace, name })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export async function locatorOf(client: Client, namespace: string) {
  const place = { gvr: namespacesGvr, cluster: '', namespace: '', name: namespace, subresource: '' }
  const text = (await getOrUndefined(client, place))?.metadata.annotations?.[namespaceLocatorAnnotation]
  return text === undefined ? undefined : parseNamespaceLocator(text)
}
