import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { silentLog } from '../../api-client/log.ts'
import type { Pod } from '../workloads.ts'
import { createPodRunner } from './pod-runner.ts'

const folder = mkdtempSync(join(tmpdir(), 'pod-runner-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a process that ends is started again after pauses that double, and counted', async () => {
  let nowMs = 1_000_000
  let ended = Promise.withResolvers<void>()
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'team', uid: 'u' },
    // Ends with code 1, whether the bundle is there or not.
    spec: { containers: [{ name: 'c', image: 'syncer:1', args: ['--no-such-flag'] }] },
  } as unknown as Pod
  const runner = createPodRunner({
    pod,
    directory: join(folder, 'pod'),
    options: { startDelayMs: 50, failImage: undefined, apiServer: { host: '127.0.0.1', port: 1 } },
    clock: { now: () => nowMs, after: () => assert.fail('the kubelet waits, not the runner') },
    program: 'syncer',
    sources: {
      secret: async () => undefined,
      configMap: async () => undefined,
      token: async () => assert.fail('no token is asked for'),
      environmentData: async () => ({ secret: () => undefined, configMap: () => undefined }),
    },
    log: silentLog,
    changed: () => ended.resolve(),
  })
  const sync = async () => {
    const { containers, wakeInMs } = await runner.sync(pod, new Date(nowMs))
    return { state: containers.get('c'), wakeInMs }
  }
  assert.deepEqual(await sync(), { state: { type: 'creating', reason: 'ContainerCreating' }, wakeInMs: 50 })
  nowMs += 50
  for (const [restarts, pauseMs] of [500, 1000, 2000].entries()) {
    const { state } = await sync()
    assert.ok(state?.type === 'running')
    assert.equal(state.restarts, restarts)
    await ended.promise
    ended = Promise.withResolvers()
    const { state: over, wakeInMs } = await sync()
    assert.ok(over?.type === 'crashed')
    assert.deepEqual([over.exitCode, over.restarts, wakeInMs], [1, restarts, pauseMs])
    nowMs += pauseMs
  }
  await runner.stop()
  assert.ok(existsSync(runner.logFile('c') ?? ''))
})
