import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNews } from './news.ts'
import type { Workspace } from './workspace.ts'

const identity = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', spec: {} }
const at = (resourceVersion: string, phase?: string): Workspace => ({
  ...identity,
  metadata: { name: 'a', resourceVersion },
  ...(phase === undefined ? {} : { status: { phase } }),
})

test('the last event is taken once', () => {
  const news = createNews()
  news.changed('k', at('1'))
  news.changed('k', at('2'))
  assert.deepEqual(news.take('k'), at('2'))
  assert.equal(news.take('k'), undefined)
})

test('the event of a write after which nothing was left is no news; a later one is', () => {
  const news = createNews()
  news.changed('k', at('9'))
  news.settled('k', at('9'))
  assert.equal(news.take('k'), 'nothing')
  news.changed('k', at('10'))
  assert.deepEqual(news.take('k'), at('10'))
})

test('what else changed is looked at, whatever is told after it', () => {
  const news = createNews()
  news.look('k')
  news.changed('k', at('9'))
  news.settled('k', at('9'))
  assert.equal(news.take('k'), undefined)
})

test('a Ready workspace leaves nothing behind, since its event came before the answer of the write', () => {
  const news = createNews()
  news.forget('k')
  news.settled('k', at('9', 'Ready'))
  news.changed('k', at('9', 'Ready'))
  assert.deepEqual(news.take('k'), at('9', 'Ready'))
})
