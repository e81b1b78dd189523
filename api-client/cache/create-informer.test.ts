import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatKey, type KubeList, type KubeObject, type WatchEvent } from '../../api/objects.ts'
import { expired, resourceNotFound } from '../../api/status-error.ts'
import type { Client, ListOptions, WatchOptions } from '../client.ts'
import { createManualClock } from '../manual-clock.ts'
import { createClient } from '../resources/rest-client.ts'
import { createObjectInformer } from './create-informer.ts'

const gvr = { group: '', version: 'v1', resource: 'configmaps' }
const configMap = (name: string, resourceVersion: string, cluster = 'c1'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'n', resourceVersion, annotations: { 'kcp.io/cluster': cluster } },
})
const page = (resourceVersion: string, items: KubeObject[], token?: string): KubeList => ({
  apiVersion: 'v1',
  kind: 'ConfigMapList',
  metadata: { resourceVersion, ...(token ? { continue: token } : {}) },
  items,
})

type Step = KubeList | Error | WatchEvent[] | { events: WatchEvent[]; fail: Error }

/** Plays a script of answers, recording the questions; the informer is stopped when the script is over. */
async function play(steps: Step[]) {
  const clock = createManualClock()
  const abort = new AbortController()
  const asked: string[] = []
  const changes: string[] = []
  const next = (question: string): Step => {
    asked.push(question)
    const step = steps.shift()
    if (step) return step
    abort.abort()
    throw new Error('script is over')
  }
  const client: Client = {
    ...createClient(() => Promise.reject(new Error('unused'))),
    list: (async (_gvr: unknown, options: ListOptions = {}) => {
      const step = next(options.continue ? `list ${options.continue}` : 'list')
      if ('items' in step) return step
      throw step
    }) as Client['list'],
    watch: async function* (_gvr: unknown, options: WatchOptions) {
      const step = next(`watch ${options.resourceVersion}`)
      if (step instanceof Error) throw step
      yield* 'events' in step ? step.events : Array.isArray(step) ? step : []
      if ('fail' in step) throw step.fail
    } as Client['watch'],
  }
  const informer = createObjectInformer({
    client,
    gvr,
    clock,
    random: () => 0,
    indexes: { name: o => [o.metadata.name] },
  })
  informer.onChange((key, after, before) => {
    const version = (object?: KubeObject) => object?.metadata.resourceVersion ?? '-'
    changes.push(`${formatKey(key)} ${version(before)}>${version(after)}`)
  })
  const running = informer.run(abort.signal)
  while (!abort.signal.aborted) {
    await new Promise(resolve => setImmediate(resolve))
    if (clock.nextDueMs !== undefined) clock.advance(clock.nextDueMs - clock.now())
  }
  await running
  return { asked, changes, informer }
}

test('pages, then a watch from the list version; bookmarks move the version on', async () => {
  const bookmark: WatchEvent = { type: 'BOOKMARK', object: configMap('', '9') }
  const { asked, changes, informer } = await play([
    page('5', [configMap('a', '1')], 'next'),
    page('5', [configMap('b', '2')]),
    [{ type: 'MODIFIED', object: configMap('a', '7') }, { type: 'DELETED', object: configMap('b', '8') }, bookmark],
  ])
  assert.deepEqual(asked, ['list', 'list next', 'watch 5', 'watch 9'])
  assert.deepEqual(changes, ['c1|n/a ->1', 'c1|n/b ->2', 'c1|n/a 1>7', 'c1|n/b 2>-'])
  assert.ok(informer.hasSynced)
  assert.deepEqual(informer.keysByIndex('name', 'a'), ['c1|n/a'])
  assert.deepEqual(informer.byIndex('name', 'b'), [])
})

test('a broken watch resumes from where it was', async () => {
  const added: WatchEvent = { type: 'ADDED', object: configMap('a', '6') }
  const { asked } = await play([page('5', []), { events: [added], fail: new Error('reset') }, new Error('refused')])
  assert.deepEqual(asked, ['list', 'watch 5', 'watch 6', 'watch 6'])
})

test('an expired watch lists again and only then tells what is gone', async () => {
  const { asked, changes } = await play([
    page('5', [configMap('a', '1'), configMap('b', '2')]),
    expired('too old'),
    page('9', [configMap('b', '2')]),
  ])
  assert.deepEqual(asked, ['list', 'watch 5', 'list', 'watch 9'])
  assert.deepEqual(changes.slice(2), ['c1|n/b 2>2', 'c1|n/a 1>-'])
})

test('an API that vanished deletes nothing', async () => {
  const { changes, informer } = await play([
    page('5', [configMap('a', '1')]),
    resourceNotFound(),
    resourceNotFound(),
    new Error('x'),
  ])
  assert.deepEqual(changes, ['c1|n/a ->1'])
  assert.equal(informer.size, 1)
})

test('the same name in two workspaces is two objects', async () => {
  const { informer } = await play([page('5', [configMap('a', '1', 'c1'), configMap('a', '2', 'c2')])])
  assert.deepEqual(informer.keysByIndex('name', 'a'), ['c1|n/a', 'c2|n/a'])
})
