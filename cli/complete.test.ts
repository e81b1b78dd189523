import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Client } from '../api-client/client.ts'
import { createClient } from '../api-client/resources/rest-client.ts'
import type { CommandContext, ConnectionFlags } from './command.ts'
import { recordCommands } from './command-tree.ts'
import { complete } from './complete.ts'
import { answerCompletion } from './completion.ts'
import { kcpProgram, workspaceCommands } from './program.ts'

const notCalled = () => assert.fail('tab runs no command')
const ws = recordCommands(args => workspaceCommands(args, notCalled, 'kubectl ws'))
const kcp = recordCommands(args => kcpProgram(args, notCalled))

describe('what the program knows itself', () => {
  const cases: readonly (readonly [line: string, want: string])[] = [
    ['ws ', 'use current create tree create-context'],
    ['ws c', 'current create create-context'],
    ['ws create ', ''],
    ['ws create --e', '--enter'],
    ['ws create --no', '--no-compute'],
    ['ws create x --sh', ''],
    ['ws create --kubeconfig create --ign', '--ignore-existing'],
    ['ws tree -o ', 'json name yaml'],
    ['ws tree --output=y', 'yaml'],
    ['ws --s', '--server --short'],
    ['ws -- --s', ''],
    ['ws --nope cu', 'current'],
    ['kcp w', 'workspace workload'],
    ['kcp ws t', 'tree'],
    ['kcp workload sync --syncer-image x --out', '--output-file'],
    ['kcp bind compute --location-', '--location-selectors'],
    ['kcp claims get ', 'apibinding'],
    ['kcp --h', '--help'],
  ]
  for (const [line, want] of cases) {
    test(`kubectl ${line}<tab>`, () => {
      const [program, ...words] = line.split(' ')
      const { candidates } = complete(program === 'ws' ? ws : kcp, words)
      assert.deepEqual(candidates.map(({ text }) => text).sort(), want.split(' ').filter(Boolean).sort())
    })
  }
  test('where a file is wanted the shell goes on', () => {
    assert.equal(complete(ws, ['--kubeconfig', '']).isFile, true)
    assert.equal(complete(kcp, ['workload', 'sync', '-o', 'x']).isFile, true)
  })
})

describe('names that only the server knows', () => {
  const cases: readonly (readonly [line: string, asked: string, want: string])[] = [
    ['ws t', 'root', 'tree\tPrints the workspaces below the current one\nteam\troot:universal\n:4\n'],
    ['ws use ', 'root', 'ops\nteam\troot:universal\n:4\n'],
    ['ws use root:te', 'root', 'root:team\troot:universal\n:4\n'],
    ['ws root:team:', 'root:team', 'root:team:ops\nroot:team:team\troot:universal\n:4\n'],
    ['kcp workspace use o', 'root', 'ops\n:4\n'],
    ['kcp bind compute ', 'root', 'root:ops\nroot:team\troot:universal\n:4\n'],
    ['kcp workload drain o', 'root', 'ops\n:4\n'],
    ['ws use Not:a', '', ':4\n'],
    ['ws use team ', '', ':4\n'],
    ['ws create ', '', ':4\n'],
  ]
  for (const [line, asked, want] of cases) {
    test(`kubectl ${line}<tab>`, async () => {
      const { requests, make } = server(200)
      const [program, ...words] = line.split(' ')
      assert.equal(await answerCompletion(program === 'ws' ? ws : kcp, words, make), want)
      const resource = line.includes('drain')
        ? 'workload.kcp.io/v1alpha1/synctargets'
        : 'tenancy.kcp.io/v1alpha1/workspaces'
      assert.deepEqual(requests, asked === '' ? [] : [`/clusters/${asked}/apis/${resource}`])
    })
  }
  for (const status of [401, 403, 500]) {
    test(`an answer of ${status} leaves what the program knows, after one request`, async () => {
      const { requests, make } = server(status)
      assert.match(await answerCompletion(ws, ['cu'], make), /^current\t.*\n:4\n$/)
      assert.equal(requests.length, 1)
    })
  }
  test('the flags typed before choose server and user', async () => {
    const { flags, make } = server(200)
    await answerCompletion(ws, ['use', '--context', 'other', '--token=t', '--insecure-skip-tls-verify', ''], make)
    const [{ context, token, insecureSkipTlsVerify } = {}] = flags
    assert.deepEqual(
      { context, token, insecureSkipTlsVerify },
      { context: 'other', token: 't', insecureSkipTlsVerify: true },
    )
  })
})

/** Two workspaces in each workspace; records what was asked. */
function server(status: number) {
  const requests: string[] = []
  const flags: ConnectionFlags[] = []
  const items = [
    { metadata: { name: 'ops' } },
    { metadata: { name: 'team' }, spec: { type: { path: 'root', name: 'universal' } } },
  ]
  const client: Client = createClient(async ({ path }) => {
    requests.push(path.split('?', 1)[0] ?? '')
    const body = status === 200 ? { kind: 'List', metadata: {}, items } : { kind: 'Status', code: status }
    return { status, headers: {}, body: bytes(JSON.stringify(body)) }
  })
  const make = (given: ConnectionFlags): CommandContext => {
    flags.push(given)
    return {
      out: notCalled,
      err: notCalled,
      readKubeconfig: notCalled,
      writeKubeconfig: notCalled,
      flags: given,
      now: () => new Date(0),
      signal: new AbortController().signal,
      connect: async () => ({
        client,
        base: 'https://kcp',
        workspace: 'root',
        server: 'https://kcp/clusters/root',
        caData: '',
        [Symbol.asyncDispose]: async () => {},
      }),
    }
  }
  return { requests, flags, make }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
