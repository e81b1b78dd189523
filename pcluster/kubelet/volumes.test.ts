import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Pod, ProjectedSource } from '../workloads.ts'
import { fillVolumes, type VolumeSources } from './volumes.ts'

const folder = mkdtempSync(join(tmpdir(), 'volumes-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const start = Date.parse('2026-01-02T03:00:00Z')

function podWith(...sources: ProjectedSource[]): Pod {
  const spec = { containers: [], volumes: [{ name: 'access', projected: { sources } }] }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'team' }, spec } as unknown as Pod
}

/** Tokens are numbered; each lives as long as it is asked to. */
function sourcesAt(nowMs: () => number): VolumeSources & { now: () => Date } {
  let issued = 0
  return {
    now: () => new Date(nowMs()),
    secret: async () => undefined,
    configMap: async () => ({ 'ca.crt': Buffer.from('CA') }),
    token: async ({ expirationSeconds }) => ({
      token: `token-${++issued}`,
      expiresAt: new Date(nowMs() + expirationSeconds * 1000),
    }),
  }
}

test('a token is due after four fifths of its life and then replaced where it is, readable by its owner only', async () => {
  let now = start
  const sources = sourcesAt(() => now)
  const pod = podWith({ serviceAccountToken: { path: 'token', expirationSeconds: 1000 } })
  const file = join(folder, 'access', 'token')
  const first = await fillVolumes(pod, folder, sources)
  assert.equal(readFileSync(file, 'utf8'), 'token-1')
  assert.equal(first.renewAt?.getTime(), start + 800_000)
  now = start + 800_000
  const second = await fillVolumes(pod, folder, sources)
  assert.equal(readFileSync(file, 'utf8'), 'token-2')
  assert.equal(second.renewAt?.getTime(), start + 1_600_000)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(join(folder, 'access')).mode & 0o777, 0o700)
})

test('the shortest life of several tokens counts; without any nothing is due', async () => {
  const long = { serviceAccountToken: { path: 'long', expirationSeconds: 4000 } }
  const short = { serviceAccountToken: { path: 'short', expirationSeconds: 1000 } }
  const both = await fillVolumes(
    podWith(long, short),
    folder,
    sourcesAt(() => start),
  )
  assert.equal(both.renewAt?.getTime(), start + 800_000)
  const none = await fillVolumes(
    podWith({ configMap: { name: 'kube-root-ca.crt' } }),
    folder,
    sourcesAt(() => start),
  )
  assert.equal(none.renewAt, undefined)
})

test('what is missing is named, unless it is optional', async () => {
  const sources = sourcesAt(() => start)
  await assert.rejects(fillVolumes(podWith({ secret: { name: 'gone' } }), folder, sources), /secret "gone" not found/)
  const missingKey = podWith({ configMap: { name: 'settings', items: [{ key: 'nope', path: 'x' }] } })
  await assert.rejects(fillVolumes(missingKey, folder, sources), /non-existent configmap key: nope/)
  await fillVolumes(podWith({ secret: { name: 'gone', optional: true } }), folder, sources)
})

test('no path leaves its volume', async () => {
  const leaving = podWith({ configMap: { name: 'settings', items: [{ key: 'ca.crt', path: '../../x' }] } })
  await assert.rejects(
    fillVolumes(
      leaving,
      folder,
      sourcesAt(() => start),
    ),
    /leaves its volume/,
  )
})
