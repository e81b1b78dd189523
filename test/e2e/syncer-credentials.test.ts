// A syncer whose token kcp does not take: it says so once, asks again ever less often, and changes nothing downstream.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { eventually, namespaces, type Synced, startSynced } from '../harness/synced.ts'

const serviceAccounts = { group: '', version: 'v1', resource: 'serviceaccounts' }
const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'agent', namespace: 'default' } }

interface TokenRequest extends KubeObject {
  status?: { token: string }
}

describe('a syncer with', () => {
  let synced: Synced
  before(async () => {
    synced = await startSynced()
  })
  after(() => synced[Symbol.asyncDispose]())

  /** Was good until its account went. */
  async function endedToken(): Promise<string> {
    const { locations } = synced
    await locations.create(serviceAccounts, account)
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: account.metadata,
      spec: {},
    }
    const made = await locations.create<TokenRequest>(serviceAccounts, request, { name: 'agent', subresource: 'token' })
    await locations.delete(serviceAccounts, { namespace: 'default', name: 'agent' })
    return made.status?.token ?? ''
  }

  const tokens: [name: string, token: () => Promise<string>][] = [
    ['a wrong token', async () => 'nobody-knows-this'],
    ['a token that is no longer good', endedToken],
  ]
  for (const [name, token] of tokens) {
    test(`${name}: one clear line, back-off, nothing downstream changes`, async () => {
      const before = await downstream()
      const syncer = await synced.startSyncer({ args: [`--from-kubeconfig=${await kubeconfigWith(await token())}`] })
      await eventually('a second attempt', async () => (syncer.requests.length >= 2 ? true : undefined))
      assert.deepEqual(
        syncer.requests.map(({ method, status }) => `${method} ${status}`),
        syncer.requests.map(() => 'GET 401'),
      )
      assert.equal(syncer.complaints.length, 1)
      assert.match(syncer.complaints[0] ?? '', /^waiting for the SyncTarget \{.*"error":"Unauthorized"\}$/)
      await syncer.stop()
      assert.deepEqual(await downstream(), before)
    })
  }

  async function kubeconfigWith(token: string): Promise<string> {
    const kubeconfig = JSON.parse(await readFile(synced.upstreamKubeconfig, 'utf8'))
    kubeconfig.users[0].user = { token }
    const path = `${synced.upstreamKubeconfig}.other`
    await writeFile(path, JSON.stringify(kubeconfig), { mode: 0o600 })
    return path
  }

  async function downstream(): Promise<string[]> {
    const { items } = await synced.downstream.list(namespaces)
    return items.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
  }
})
