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
    [
      'kubectl ws tree -o wide',
      /^Error: unable to match a printer suitable for the output format "wide", allowed formats are: json,name,yaml\n$/,
    ],
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

  test('-o prints objects and nothing else on standard output', async () => {
    await stage.ok('kubectl ws root')
    const created = await stage.ok('kubectl ws create made --enter -o json 2>said')
    const { kind, metadata, status } = JSON.parse(created)
    assert.deepEqual([kind, metadata.name, status.phase], ['Workspace', 'made', 'Ready'])
    assert.match(await stage.ok('cat said'), /created\. .*\n.* is ready to use\.\nCurrent workspace is "root:made"/)
    assert.equal(await stage.ok('kubectl ws . -o name'), 'root:made\n')
    assert.match(await stage.ok('kubectl ws current -o yaml'), /^kind: LogicalCluster$/m)
    assert.equal(await stage.ok('kubectl ws create below -o name 2>/dev/null'), 'workspace.tenancy.kcp.io/below\n')
    assert.match(await stage.ok('kubectl ws .. -o json 2>/dev/null'), /^ {12}"kcp.io\/cluster": "root"$/m)
    assert.match(await stage.ok('kubectl ws tree -o name'), /^root:made\nroot:made:below$/m)
    const { items } = JSON.parse(await stage.ok('kubectl ws tree -o json'))
    assert.ok(items.some((item: { metadata: { name: string } }) => item.metadata.name === 'below'))
  })

  test("kubectl's completion asks the plugin", async () => {
    await stage.ok('kubectl ws root; kubectl ws create tabbed --type root:universal')
    const tab = (line: string) => stage.ok(`kubectl __complete ${line} 2>/dev/null`)
    assert.match(await tab('ws cre'), /^create\tCreates a workspace .*\ncreate-context\t.*\n:4\n$/)
    assert.equal(await tab('ws tab'), 'tabbed\troot:universal\n:4\n')
    assert.equal(await tab('workspace use root:tab'), 'root:tabbed\troot:universal\n:4\n')
    assert.equal(await tab('kcp bind compute root:tab'), 'root:tabbed\troot:universal\n:4\n')
    assert.match(await tab('kcp workload sync --sync'), /^--syncer-image\t.*\n:4\n$/)
    assert.equal(await tab('ws --server https://127.0.0.1:1/clusters/root tab'), ':4\n')
  })

  test('a placement that is not scheduled in time says where to look', async () => {
    const result = await stage.run('kubectl kcp bind compute root --timeout 1s')
    assert.equal(result.code, 1)
    assert.match(result.output, /not ready: placement is not scheduled: .*\nIs a syncer running there\?/)
  })
})
