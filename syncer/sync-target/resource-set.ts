// Which resources are synced now: those kcp has accepted, as far as the physical cluster serves and permits them. One
// resource that is missing there does not hold up the others.
import PQueue from 'p-queue'
import type { GroupVersionResource } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import { runController } from '../../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../../api-client/controller/work-queue.ts'
import { errorText, type Log } from '../../api-client/log.ts'
import { type DiscoveredResource, discoverResource } from '../../api-client/resources/discovery.ts'
import { gvrId, gvrText } from '../identity.ts'
import { type Missing, missingVerbs, reportAuthorization } from './authorization.ts'
import { type RequiredResource, requiredResources, type SyncTarget } from './sync-target.ts'

export interface ResourceSetOptions {
  /** For the workspace of the SyncTarget. */
  readonly upstreamClient: Client
  readonly downstreamClient: Client
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  /** Undefined while it is gone or another one. */
  syncTarget(): SyncTarget | undefined
  start(resource: DiscoveredResource): void
  /** Forgets what it knows of the resource; deletes nothing. */
  stop(gvr: GroupVersionResource): void
}

export interface ResourceSet {
  /** The SyncTarget has changed. */
  wake(): void
  /** The physical cluster has refused something: what is synced may have lost its permissions. */
  doubt(): void
  run(signal: AbortSignal): Promise<void>
}

const reviewsLimit = 6
/** When to look again at what is not served or not permitted, at what could not be asked, and at what may be so no more. */
const lookAgainMs = { absent: 10_000, failed: 2000, doubtful: 5000 }

type Outcome =
  | { readonly type: 'started' | 'absent' | 'failed' }
  | { readonly type: 'unpermitted'; readonly missing: Missing }

export function createResourceSet(options: ResourceSetOptions): ResourceSet {
  const { clock, random, log } = options
  const queue = createWorkQueue({ clock, random })
  const running = new Map<string, GroupVersionResource>()
  const told = new Map<string, string>()
  const reviews = new PQueue({ concurrency: reviewsLimit })
  let isDoubtful = false
  return {
    wake: () => queue.add('resources'),
    doubt,
    run: signal => runController({ name: 'synctarget-gvrsource', queue, reconcile, log, signal, workers: 1 }),
  }

  function doubt() {
    if (!isDoubtful) queue.addAfter('resources', lookAgainMs.doubtful)
    isDoubtful = true
  }

  async function reconcile() {
    const syncTarget = options.syncTarget()
    if (!syncTarget) return undefined
    const required = requiredResources(syncTarget)
    const wanted = new Set(required.map(resourceId))
    for (const [id, gvr] of running) if (!wanted.has(id)) stop(id, gvr)
    const lost = isDoubtful ? await lostPermissions(running.values(), options.downstreamClient, reviews) : []
    isDoubtful = lost.length > 0
    for (const { gvr, verbs } of lost) tell(resourceId(gvr), `no longer permitted: ${verbs.join(', ')}`)
    const outcomes = await Promise.all(required.filter(r => !running.has(resourceId(r))).map(examine))
    const missing = [...lost, ...outcomes.flatMap(outcome => (outcome.type === 'unpermitted' ? outcome.missing : []))]
    await reportAuthorization(options.upstreamClient, syncTarget, { missing, now: new Date(clock.now()) })
    if (outcomes.some(({ type }) => type === 'failed')) return { requeueAfterMs: lookAgainMs.failed }
    const isWell = lost.length === 0 && outcomes.every(({ type }) => type === 'started')
    return isWell ? undefined : { requeueAfterMs: lookAgainMs.absent }
  }

  function stop(id: string, gvr: GroupVersionResource) {
    running.delete(id)
    options.stop(gvr)
    log.info({ gvr: gvrText(gvr) }, 'stopped syncing resource')
  }

  async function examine(required: RequiredResource): Promise<Outcome> {
    const id = resourceId(required)
    try {
      const resource = await findServed(options.downstreamClient, required)
      if (!resource) {
        tell(id, 'the physical cluster does not serve it')
        return { type: 'absent' }
      }
      const verbs = await missingVerbs(options.downstreamClient, resource, reviews)
      if (verbs.length > 0) {
        tell(id, `not permitted: ${verbs.join(', ')}`)
        return { type: 'unpermitted', missing: { gvr: resource, verbs } }
      }
      running.set(id, resource)
      told.delete(id)
      options.start(resource)
      log.info({ gvr: gvrText(resource) }, 'started syncing resource')
      return { type: 'started' }
    } catch (error) {
      tell(id, errorText(error))
      return { type: 'failed' }
    }
  }

  function tell(id: string, problem: string) {
    if (told.get(id) !== problem) log.warn({ resource: id, error: problem }, 'cannot sync resource, will look again')
    told.set(id, problem)
  }
}

/** Of what runs; it goes on, for stopping it would forget what was applied. */
async function lostPermissions(running: Iterable<GroupVersionResource>, client: Client, reviews: PQueue) {
  const asked = [...running].map(async gvr => ({ gvr, verbs: await missingVerbs(client, gvr, reviews) }))
  return (await Promise.all(asked)).filter(({ verbs }) => verbs.length > 0)
}

/** In the first version that the physical cluster serves, too. */
async function findServed(client: Client, required: RequiredResource): Promise<DiscoveredResource | undefined> {
  const { group, resource, versions } = required
  for (const version of versions) {
    const found = await discoverResource(client, { group, version, resource })
    if (found) return found
  }
  return undefined
}

function resourceId({ group, resource }: Pick<RequiredResource, 'group' | 'resource'>): string {
  return gvrId({ group, version: '', resource })
}
