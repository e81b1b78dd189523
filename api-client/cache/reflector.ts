// Keeps a sink true to a resource: list, then watch, for as long as its signal allows. A broken watch resumes where it
// stopped; an expired one lists again. Absence is reported only after a complete list that succeeded: an error, or an
// API that vanished, never looks like a deletion.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { isGone, StatusError } from '../../api/status-error.ts'
import type { Client, ListOptions } from '../client.ts'
import { type Clock, pause } from '../clock.ts'
import { backoffMs, watchBackoff } from '../controller/backoff.ts'
import { errorText, type Log } from '../log.ts'
import { forEachPage } from '../resources/list-all.ts'

export interface ReflectorSink {
  listStarted(): void
  /** Added or changed. */
  upsert(object: KubeObject): void
  delete(object: KubeObject): void
  /** What was not upserted since listStarted does not exist. */
  listCompleted(): void
}

export interface ReflectorOptions {
  readonly client: Client
  readonly gvr: GroupVersionResource
  readonly selection: Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector' | 'metadataOnly'>
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
}

const watchSecondsMin = 300
/** How long after its own end a watch may stay silent before it is taken for dead. */
const watchGraceMs = 30_000
/** Servers restart and APIs appear with a delay: only what lasts some seconds is told. */
const tellFailuresMin = 3
/** A watch that lived this long has recovered: the next failure starts with a short pause again. */
const healthyWatchMs = 10_000

export async function runReflector(options: ReflectorOptions, sink: ReflectorSink, signal: AbortSignal): Promise<void> {
  const { clock, log, gvr } = options
  let resourceVersion: string | undefined
  let failures = 0
  let toldText = ''
  while (!signal.aborted) {
    const startedAtMs = clock.now()
    try {
      if (resourceVersion === undefined) {
        resourceVersion = await list(options, sink, signal)
        if (toldText !== '') log.info({ gvr: gvrText(gvr) }, 'list and watch work again')
        toldText = ''
        failures = 0
      }
      for await (const version of watchOnce(options, sink, { resourceVersion, signal })) resourceVersion = version
      if (clock.now() - startedAtMs >= healthyWatchMs) failures = 0
      else failures += 1
    } catch (error) {
      if (signal.aborted) return
      if (clock.now() - startedAtMs >= healthyWatchMs) failures = 0
      failures += 1
      if (needsList(error)) resourceVersion = undefined
      const text = errorText(error)
      if (failures >= tellFailuresMin && !isGone(error) && text !== toldText) {
        log.warn({ gvr: gvrText(gvr), error: text }, 'list or watch failed, will retry')
        toldText = text
      }
    }
    if (failures > 1 || resourceVersion === undefined) {
      await pause(clock, backoffMs(Math.max(1, failures), watchBackoff, options.random()), signal)
    }
  }
}

async function list(options: ReflectorOptions, sink: ReflectorSink, signal: AbortSignal): Promise<string> {
  sink.listStarted()
  const request = { gvr: options.gvr, options: { ...options.selection, signal } }
  const resourceVersion = await forEachPage(options.client, request, page => {
    for (const item of page.items) sink.upsert(item)
  })
  sink.listCompleted()
  return resourceVersion
}

/** Yields the resourceVersion reached, event by event. */
async function* watchOnce(
  options: ReflectorOptions,
  sink: ReflectorSink,
  from: { resourceVersion: string; signal: AbortSignal },
): AsyncGenerator<string> {
  const { client, gvr, selection, clock, random } = options
  const timeoutSeconds = Math.floor(watchSecondsMin * (1 + random()))
  const dead = new AbortController()
  const timer = clock.after(timeoutSeconds * 1000 + watchGraceMs, () => dead.abort())
  const signal = AbortSignal.any([from.signal, dead.signal])
  try {
    const { resourceVersion } = from
    for await (const event of client.watch(gvr, { ...selection, resourceVersion, timeoutSeconds, signal })) {
      if (event.type === 'DELETED') sink.delete(event.object)
      else if (event.type !== 'BOOKMARK') sink.upsert(event.object)
      if (event.object.metadata.resourceVersion) yield event.object.metadata.resourceVersion
    }
  } finally {
    timer.cancel()
  }
}

/** The version is no longer, or never was, one of this server; or the API was away and its objects may be, too. */
function needsList(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false
  if ([400, 404, 410].includes(error.code)) return true
  return error.status.details?.causes?.some(cause => cause.reason === 'ResourceVersionTooLarge') ?? false
}

function gvrText(gvr: GroupVersionResource): string {
  return [gvr.resource, gvr.version, gvr.group].filter(part => part !== '').join('.')
}
