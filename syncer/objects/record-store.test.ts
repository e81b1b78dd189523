import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatKey, type KubeObject } from '../../api/objects.ts'
import { notFound, resourceNotFound, type StatusError } from '../../api/status-error.ts'
import type { ChangeListener, Informer } from '../../api-client/cache/informer.ts'
import { createManualClock } from '../../api-client/manual-clock.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { isOlder } from '../resource-version.ts'
import { createBodyCache } from './body-cache.ts'
import { contentHash } from './managed-content.ts'
import { createRecordStore, isProofOfAbsence } from './record-store.ts'

const gvr = { group: '', version: 'v1', resource: 'configmaps' }
const key = { cluster: '', namespace: 'n', name: 'a' }
const keyText = formatKey(key)

interface Version {
  readonly resourceVersion: string
}

const object = (resourceVersion: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'n', resourceVersion },
})

/** A store over an informer whose events the test makes, and a server that answers every GET with version 99. */
function stage() {
  const clock = createManualClock()
  const values = new Map<string, Version>()
  const listeners: ChangeListener<Version>[] = []
  const informer: Informer<Version> = {
    get: text => values.get(text),
    entries: () => values.entries(),
    size: 0,
    byIndex: () => [],
    keysByIndex: () => [],
    onChange: listener => {
      listeners.push(listener)
      return () => undefined
    },
    hasSynced: true,
    synced: Promise.resolve(),
    run: () => Promise.resolve(),
  }
  let gets = 0
  const client = createClient(async () => {
    gets += 1
    return { status: 200, headers: {}, body: bytes(JSON.stringify(object('99'))) }
  })
  const store = createRecordStore<Version>({
    gvr,
    informer,
    client,
    bodies: createBodyCache(),
    keyOf: () => key,
    record: ({ metadata }) => ({ resourceVersion: metadata.resourceVersion ?? '' }),
    clock,
  })
  const event = (resourceVersion: string | undefined) => {
    const before = values.get(keyText)
    const after = resourceVersion === undefined ? undefined : { resourceVersion }
    if (after) values.set(keyText, after)
    else values.delete(keyText)
    for (const listener of listeners) listener(key, after, before, after ? object(after.resourceVersion) : undefined)
  }
  return { clock, store, event, gets: () => gets }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

test('the answer to a write counts until the watch has caught up', async () => {
  const { store, event } = stage()
  event('5')
  store.remember(object('9'))
  assert.equal(store.get(keyText)?.resourceVersion, '9')
  event('7')
  assert.equal(store.get(keyText)?.resourceVersion, '9')
  assert.equal((await store.body(key))?.metadata.resourceVersion, '9')
  event('12')
  assert.equal(store.get(keyText)?.resourceVersion, '12')
})

test('an answer that comes after the watch was further on is not believed', () => {
  const { store, event } = stage()
  event('12')
  store.remember(object('9'))
  assert.equal(store.get(keyText)?.resourceVersion, '12')
})

test('a deletion ends what was remembered; so does time', () => {
  const { clock, store, event } = stage()
  store.remember(object('9'))
  event('9')
  event(undefined)
  assert.equal(store.get(keyText), undefined)
  store.remember(object('10'))
  clock.advance(60_000)
  assert.equal(store.get(keyText), undefined)
})

test('what the watch never shows is given up, and those who listen are told', () => {
  const { clock, store, event } = stage()
  const told: [string | undefined, string | undefined][] = []
  store.onChange((_key, after, before) => told.push([after?.resourceVersion, before?.resourceVersion]))
  store.remember(object('9'))
  event('9')
  clock.advance(60_000)
  assert.deepEqual(told, [['9', undefined]])
  store.remember(object('10'))
  clock.advance(60_000)
  assert.deepEqual(told.slice(1), [['9', '10']])
  store.remember(object('11'))
  store.close()
  clock.advance(60_000)
  assert.equal(told.length, 2)
})

test('a body comes from memory, or else from the server', async () => {
  const { store, event, gets } = stage()
  event('5')
  assert.equal((await store.body(key))?.metadata.resourceVersion, '5')
  assert.equal(gets(), 0)
  event(undefined)
  assert.equal((await store.body(key))?.metadata.resourceVersion, '99')
  assert.equal(gets(), 1)
})

const answers: { name: string; error: StatusError; want: boolean }[] = [
  { name: 'a 404 that names the object', error: notFound(gvr, 'a'), want: true },
  { name: 'a 404 that names another', error: notFound(gvr, 'b'), want: false },
  { name: 'a 404 of a server that does not know the API', error: resourceNotFound(), want: false },
]
for (const { name, error, want } of answers) {
  test(`${name} is ${want ? 'a' : 'no'} proof of absence`, () => assert.equal(isProofOfAbsence(error, 'a'), want))
}

test('versions are ordered as numbers, and unordered when they are none', () => {
  assert.deepEqual(
    [isOlder('9', '10'), isOlder('10', '9'), isOlder('10', '10'), isOlder('x', '10')],
    [true, false, false, false],
  )
})

const applied = (data: Record<string, string>, owned: string[], manager = 'syncer'): KubeObject => ({
  ...object('1'),
  data,
  metadata: {
    ...object('1').metadata,
    managedFields: [
      {
        manager,
        operation: 'Apply',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': Object.fromEntries(owned.map(name => [`f:${name}`, {}])) },
      },
    ],
  },
})

const contents: { name: string; other: KubeObject; same: boolean }[] = [
  { name: 'a field of others', other: applied({ a: '1', b: '2', c: '3' }, ['a', 'b']), same: true },
  { name: 'another value of ours', other: applied({ a: 'x', b: '2' }, ['a', 'b']), same: false },
  { name: 'a field taken over by someone', other: applied({ a: '1', b: '2' }, ['a']), same: false },
  { name: 'a removed field', other: applied({ a: '1' }, ['a', 'b']), same: false },
  { name: 'managed fields taken away', other: applied({ a: '1', b: '2' }, ['a', 'b'], 'other'), same: false },
]
for (const { name, other, same } of contents) {
  test(`drift: ${name} is ${same ? 'none' : 'seen'}`, () => {
    const ours = applied({ a: '1', b: '2' }, ['a', 'b'])
    assert.equal(contentHash(other) === contentHash(ours), same)
  })
}
