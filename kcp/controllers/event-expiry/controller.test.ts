import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../../api/objects.ts'
import { notFound } from '../../../api/status-error.ts'
import type { ChangeListener } from '../../../api-client/cache/informer.ts'
import { silentLog } from '../../../api-client/log.ts'
import type { LoopDeps } from '../loop.ts'
import { startEventExpiryController } from './controller.ts'

const hourMs = 3_600_000

test('an Event goes an hour after it was last seen, with one timer for all', async () => {
  const stopping = new AbortController()
  let nowMs = 0
  const timers: { dueMs: number; call: () => void }[] = []
  const stored = new Map<string, KubeObject>()
  const gone = Promise.withResolvers<string>()
  const listeners: ChangeListener<true>[] = []
  const clock = {
    now: () => nowMs,
    after(delayMs: number, call: () => void) {
      timers.push({ dueMs: nowMs + delayMs, call })
      return { cancel: () => undefined }
    },
  }
  const client = {
    get: async (_gvr: unknown, { name }: { name: string }) => {
      const event = stored.get(name)
      if (event === undefined) throw notFound({ group: '', resource: 'events' }, name)
      return event
    },
    delete: async (_gvr: unknown, { name }: { name: string }) => gone.resolve(name),
  }
  const informers = { keysOf: () => ({ onChange: (listener: ChangeListener<true>) => listeners.push(listener) }) }
  const deps = { client, informers, clock, log: silentLog, random: () => 0, signal: stopping.signal }
  const loop = startEventExpiryController({ ...(deps as unknown as LoopDeps), lifetimeMs: hourMs })
  const put = (name: string, seenMs: number) => {
    const lastTimestamp = new Date(seenMs).toISOString()
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: 'n' }, lastTimestamp }
    const before = stored.has(name) ? true : undefined
    stored.set(name, event)
    for (const listener of listeners) listener({ cluster: '', namespace: 'n', name }, true, before, event)
  }
  put('repeated', 0)
  put('once', 0)
  assert.equal(timers.length, 1)
  put('repeated', hourMs / 2)
  nowMs = hourMs
  for (const { call } of timers.splice(0)) call()
  assert.equal(await gone.promise, 'once')
  stopping.abort()
  await loop.done
})
