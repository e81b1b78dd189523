// The plugin as people get it wrong: help for every command, and errors that say what to do next.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStage, type Stage } from '../harness/walk.ts'

describe('the plugin', () => {
  let stage: Stage
  before(async () => {
    stage = openStage()
    await stage.startKcp(['--bind-address=127.0.0.1'])
  })
  after(() => stage[Symbol.asyncDispose]())

  const commands = [
    'ws',
    'ws use',
    'ws create',
    'ws tree',
    'ws current',
    'ws create-context',
    'kcp',
    'kcp workspace',
    'kcp workload',
    'kcp workload sync',
    'kcp workload cordon',
    'kcp workload uncordon',
    'kcp workload drain',
    'kcp bind',
    'kcp bind compute',
    'kcp bind apiexport',
    'kcp claims',
    'kcp claims get',
  ]
  test('every command has help, without a server', async () => {
    const helps = commands.map(command => stage.run(`KUBECONFIG=/nowhere kubectl ${command} --help`))
    for (const [i, { code, output }] of (await Promise.all(helps)).entries()) {
      assert.equal(code, 0, commands[i])
      assert.match(output, /^kubectl (?:ws|kcp)[\s\S]*Options:[\s\S]*--help/, commands[i])
    }
  })

  const errors: readonly (readonly [command: string, output: RegExp])[] = [
    [
      'kubectl ws nope',
      /^Error: workspaces\.tenancy\.kcp\.io "nope" not found\n'kubectl ws tree' shows the workspaces below/,
    ],
    ['kubectl ws root:nope:x', /^Error: access to workspace root:nope:x denied\n'kubectl ws tree' /],
    ['kubectl ws -', /^Error: no previous workspace found in kubeconfig\n'kubectl ws NAME' /],
    ['kubectl ws create compute', /"compute" already exists\n--ignore-existing /],
    ['kubectl ws create x --type nope', /"nope" cannot be resolved\n'kubectl get workspacetypes' in root /],
    ['kubectl ws create', /^Error: accepts 1 arg\(s\), received 0; see 'kubectl ws --help'\n$/],
    ['kubectl ws use a b', /^Error: unknown command or flag "b" for "ws"; see 'kubectl ws --help'\n$/],
    [
      'kubectl ws tree --token bad',
      /^Error: Unauthorized\nThe server does not accept these credentials: is KUBECONFIG /,
    ],
    ['kubectl ws tree --server https://127.0.0.1:1/clusters/root', /was refused .*\nIs kcp running there\?/],
    ['kubectl ws tree --context nope', /^Error: context "nope" does not exist\n'kubectl config get-contexts' /],
    [
      'KUBECONFIG=/nowhere kubectl ws tree',
      /^Error: invalid configuration: .*, try setting KUBECONFIG or --kubeconfig\n$/,
    ],
    ['kubectl kcp workload sync kind', /^error: \[--syncer-image is required, --output-file is required\]\n$/],
    ['kubectl kcp bind compute root:nope', /^error: workspace "root:nope" does not exist or .*'kubectl ws tree'/],
    ['kubectl kcp bind apiexport root:nope', /no permission to bind to export root:nope\nCheck the name of the export/],
  ]
  for (const [command, output] of errors) {
    test(`$ ${command}`, async () => {
      const result = await stage.run(command)
      assert.equal(result.code, 1)
      assert.match(result.output, output)
    })
  }

  test('a syncer elsewhere cannot reach a loopback address: said, and --server-url changes it', async () => {
    await stage.ok('kubectl ws root')
    const sync = 'kubectl kcp workload sync east --syncer-image example.io/syncer:v1 -o east.yaml'
    assert.match(await stage.ok(sync), /^Warning: .* https:\/\/127\.0\.0\.1:\d+, .*; pass --server-url /m)
    const told = await stage.ok(`${sync} --server-url https://kcp.example.org:8443`)
    assert.doesNotMatch(told, /Warning/)
    const manifest = readFileSync(join(stage.cwd, 'east.yaml'), 'utf8')
    const kubeconfig = Buffer.from(/^ *kubeconfig: (\S+)$/m.exec(manifest)?.[1] ?? '', 'base64').toString()
    assert.match(kubeconfig, /server: "?https:\/\/kcp\.example\.org:8443/)
    assert.match(await stage.ok(`${sync} --server-url x 2>&1 || true`), /--server-url "x" is not a URL such as https:/)
  })

  test('a placement that is not scheduled in time says where to look', async () => {
    const result = await stage.run('kubectl kcp bind compute root --timeout 1s')
    assert.equal(result.code, 1)
    assert.match(result.output, /not ready: placement is not scheduled: .*\nIs a syncer running there\?/)
  })
})
