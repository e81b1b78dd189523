import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Kubeconfig } from '../api-client/kubeconfig/kubeconfig.ts'
import { type ContextChange, createContext, currentEntry, swapPrevious, switchServer } from './switch-context.ts'
import { parseWorkspaceUrl } from './workspace-url.ts'

const fresh: Kubeconfig = {
  clusters: new Map([
    ['base', { server: 'https://h:6443' }],
    ['root', { server: 'https://h:6443/clusters/root', 'certificate-authority-data': 'Y2E=' }],
  ]),
  contexts: new Map([['root', { cluster: 'root', user: 'kcp-admin' }]]),
  users: new Map([['kcp-admin', { token: 't' }]]),
  'current-context': 'root',
}
const apply = (config: Kubeconfig, change: ContextChange): Kubeconfig => ({
  clusters: new Map([...config.clusters, ...Object.entries(change.clusters)]),
  contexts: new Map([...config.contexts, ...Object.entries(change.contexts)]),
  users: config.users,
  'current-context': change.currentContext,
})
const go = (config: Kubeconfig, path: string) => apply(config, switchServer(config, `https://h:6443/clusters/${path}`))
const serverOf = (config: Kubeconfig, context?: string) => currentEntry(config, context).cluster.server

describe('switching', () => {
  test('the first time: the old context stays, current is new, previous is the old one', () => {
    const next = go(fresh, 'root:a')
    assert.equal(next['current-context'], 'workspace.kcp.io/current')
    assert.equal(serverOf(next), 'https://h:6443/clusters/root:a')
    assert.equal(serverOf(next, 'workspace.kcp.io/previous'), 'https://h:6443/clusters/root')
    assert.equal(serverOf(next, 'root'), 'https://h:6443/clusters/root')
    assert.equal(currentEntry(next).cluster['certificate-authority-data'], 'Y2E=')
  })
  test('twice: previous is where the first switch led', () => {
    const next = go(go(fresh, 'root:a'), 'root:b')
    assert.equal(serverOf(next), 'https://h:6443/clusters/root:b')
    assert.equal(serverOf(next, 'workspace.kcp.io/previous'), 'https://h:6443/clusters/root:a')
  })
  test('back and forth with -', () => {
    const there = go(go(fresh, 'root:a'), 'root:b')
    const back = apply(there, swapPrevious(there))
    assert.equal(serverOf(back), 'https://h:6443/clusters/root:a')
    assert.equal(serverOf(apply(back, swapPrevious(back))), 'https://h:6443/clusters/root:b')
  })
  test('- with no previous workspace says so', () => {
    assert.throws(() => swapPrevious(fresh), /^Error: no previous workspace found in kubeconfig$/)
  })
  test('a named context is made once unless --overwrite', () => {
    const made = apply(fresh, createContext(fresh, 'mine', false))
    assert.equal(made['current-context'], 'mine')
    assert.throws(
      () => createContext(made, 'mine', false),
      /context "mine" already exists in kubeconfig, use --overwrite/,
    )
    assert.equal(createContext(made, 'mine', true).currentContext, 'mine')
  })
})

describe('workspace URLs', () => {
  const cases = [
    { url: 'https://h:6443/clusters/root:a', base: 'https://h:6443', workspace: 'root:a' },
    { url: 'https://h:6443/x/clusters/root', base: 'https://h:6443/x', workspace: 'root' },
    { url: 'https://h:6443', base: 'https://h:6443', workspace: undefined },
    { url: 'https://h:6443/', base: 'https://h:6443', workspace: undefined },
  ]
  for (const { url, base, workspace } of cases) {
    test(url, () => assert.deepEqual(parseWorkspaceUrl(url), { base, workspace }))
  }
})
