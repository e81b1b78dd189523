import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeFlags, UsageError } from './flags.ts'
import { type KcpOptions, parseStartOptions } from './options.ts'
import { startFlags } from './start-flags.ts'

const parse = (...args: string[]): KcpOptions =>
  parseStartOptions(args, { workingDirectory: '/home/me', environment: { KCP_DEBUG: 'http,storage' } })

test('defaults lie below the root directory, wherever the flag for it stands', () => {
  const defaults = parse()
  assert.equal(defaults.rootDirectory, '/home/me/.kcp')
  assert.equal(defaults.kubeconfigPath, '/home/me/.kcp/admin.kubeconfig')
  assert.equal(defaults.securePort, 6443)
  assert.deepEqual(defaults.alwaysAllowPaths, ['/healthz', '/readyz', '/livez'])
  assert.deepEqual([...defaults.batteries].sort(), ['root-compute-workspace', 'workspace-types'])
  assert.equal(defaults.syncTargetHeartbeatThresholdMs, 60_000)
  assert.deepEqual(defaults.logging, { format: 'text', verbosity: 2, debugParts: ['http', 'storage'] })
  const moved = parse('--secure-port', '0', '--root-directory=/srv/kcp', '-v', '4', '--run-controllers=false', 'extra')
  assert.equal(moved.serviceAccountKeyFile, '/srv/kcp/sa.key')
  assert.equal(moved.logging.verbosity, 4)
  assert.equal(moved.runControllers, false)
})

const batteryTable = [
  { given: '', want: [] },
  { given: 'user', want: ['user'] },
  { given: '+user,-root-compute-workspace', want: ['user', 'workspace-types'] },
]
for (const { given, want } of batteryTable) {
  test(`--batteries-included=${given}`, () => {
    assert.deepEqual([...parse(`--batteries-included=${given}`).batteries].sort(), want)
  })
}

const wrong = [
  { args: ['--foo'], message: 'unknown flag: --foo' },
  { args: ['--no-run-controllers'], message: 'unknown flag: --no-run-controllers' },
  { args: ['--secure-port'], message: 'flag needs an argument: --secure-port' },
  { args: ['--secure-port=x'], message: 'invalid argument "x" for "--secure-port" flag: must be a whole number' },
  { args: ['--secure-port=70000'], message: '--secure-port 70000 must be between 0 and 65535, inclusive' },
  {
    args: ['--experimental-bind-free-port'],
    message: '--secure-port=0 required if --experimental-bind-free-port is set',
  },
  {
    args: ['--run-controllers=no'],
    message: 'invalid argument "no" for "--run-controllers" flag: must be true or false',
  },
  { args: ['--batteries-included=x'], message: 'unknown battery: x' },
  {
    args: ['--batteries-included=+user,workspace-types'],
    message: '--batteries-included must all be prefixed with + or - or none',
  },
  { args: ['--sync-target-heartbeat-threshold=0s'], message: '--sync-target-heartbeat-threshold must be >0 (0s)' },
  { args: ['--bind-address=here'], message: '--bind-address "here" must be an IP address' },
  { args: ['--tls-cert-file=a'], message: '--tls-cert-file and --tls-private-key-file must be given together' },
  {
    args: ['--feature-gates=X=true'],
    message: 'invalid argument "X=true" for "--feature-gates" flag: unrecognized feature gate: X',
  },
]
for (const { args, message } of wrong) {
  test(`refused: ${args.join(' ')}`, () => {
    assert.throws(
      () => parse(...args),
      (error: unknown) => {
        assert.ok(error instanceof UsageError)
        assert.equal(error.message, message)
        return true
      },
    )
  })
}

test('the short help shows three flags; the long one all but the hidden', () => {
  const short = describeFlags(startFlags, { prominentOnly: true })
  assert.deepEqual(short.match(/--[a-z-]+(?= |\n)/g), [
    '--batteries-included',
    '--run-virtual-workspaces',
    '--etcd-servers',
  ])
  const long = describeFlags(startFlags, { prominentOnly: false })
  assert.match(long, /Secure serving flags:\n\n {6}--bind-address string\n/)
  assert.doesNotMatch(long, /free-port/)
})
