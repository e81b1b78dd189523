import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDuration, parseOptions } from './options.ts'

const required = ['--from-cluster=c', '--from-kubeconfig=f', '--sync-target-uid=u']
const env = { NAMESPACE: 'n' }

const refusals: { args: string[]; env?: Record<string, string>; want: RegExp }[] = [
  { args: [], want: /^--from-cluster is required$/ },
  { args: ['--from-cluster=c'], want: /^--from-kubeconfig is required$/ },
  { args: required.slice(0, 2), want: /^--sync-target-uid is required$/ },
  { args: required, env: {}, want: /^missing environment variable: NAMESPACE$/ },
  { args: [...required, '--bogus'], want: /bogus/ },
  { args: [...required, '--api-import-poll-interval=soon'], want: /invalid duration "soon"/ },
]
for (const { args, env: given = env, want } of refusals) {
  test(`refused: syncer ${args.join(' ')}`, async () => {
    await assert.rejects(parseOptions(args, given), (error: unknown) => want.test((error as Error).message))
  })
}

test('the arguments of the generated manifest', async () => {
  const args = [
    ...required,
    '--sync-target-name=kind',
    '--api-import-poll-interval=1m0s',
    '--downstream-namespace-clean-delay=30s',
  ]
  const more = [
    '--resources=a.b',
    '-r',
    'c',
    '--qps=-1',
    '--burst=30',
    '--dns-image=i',
    '--feature-gates=KCPSyncerTunnel=false',
  ]
  const options = await parseOptions([...args, ...more], env)
  assert.equal(options?.syncTargetName, 'kind')
  assert.deepEqual(options?.resources, ['a.b', 'c'])
  assert.equal(options?.qps, -1)
  assert.equal(options?.apiImportPollIntervalMs, 60_000)
  assert.equal(options?.downstreamNamespaceCleanDelayMs, 30_000)
})

test('durations as Go writes them', () => {
  assert.equal(parseDuration('1h2m3.5s', '-x'), 3_723_500)
  assert.equal(parseDuration('300ms', '-x'), 300)
  assert.equal(parseDuration('0', '-x'), 0)
})
