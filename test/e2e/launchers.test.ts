// bin/* as people have them: through a symlink, from another folder, with an old Node first on PATH.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const programs = ['kcp', 'syncer', 'pcluster', 'kubectl-kcp', 'kubectl-ws', 'kubectl-workspace']
const completions = ['kubectl_complete-kcp', 'kubectl_complete-ws', 'kubectl_complete-workspace']
let folder = ''

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'launchers-'))
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'links'))
  mkdirSync(join(folder, 'empty'))
  writeFileSync(join(folder, 'bin', 'node'), '#!/bin/sh\necho v20.20.2\n')
  chmodSync(join(folder, 'bin', 'node'), 0o755)
  for (const program of [...programs, ...completions])
    symlinkSync(join(root, 'bin', program), join(folder, 'links', program))
})
after(() => rmSync(folder, { recursive: true, force: true }))

function launch(file: string, args: string[], path = `${join(folder, 'bin')}:/usr/bin:/bin`) {
  return spawnSync(file, args, {
    cwd: join(folder, 'empty'),
    env: { PATH: path, HOME: folder },
    encoding: 'utf8',
    timeout: 20_000,
  })
}

describe('each launcher starts its program through a symlink, from another folder, with Node 20 first on PATH', () => {
  for (const program of programs) {
    test(program, () => {
      const result = launch(join(folder, 'links', program), ['--version'])
      assert.equal(result.status, 0, result.stderr)
      assert.match(result.stdout, /v1\.\d+\.\d+/)
    })
  }
  for (const program of completions) {
    test(program, () => {
      const result = launch(join(folder, 'links', program), ['--vers'])
      assert.equal(result.stdout, '--version\tShow version number\n:4\n', result.stderr)
    })
  }
})

test('a launcher without any Node >= 24 says what to do', () => {
  const copy = join(folder, 'copy')
  cpSync(join(root, 'bin'), join(copy, 'bin'), { recursive: true })
  const result = launch(join(copy, 'bin', 'kcp'), ['--version'])
  assert.equal(result.status, 1)
  assert.match(result.stderr, /^error: Node\.js 24 or later is needed: run 'npm ci' in /)
})
