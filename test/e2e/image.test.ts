// The syncer image without Docker: its last stage's files, run as its user on a read-only copy.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const nonRoot = 65532
let image = ''

before(() => {
  image = mkdtempSync(join(tmpdir(), 'image-'))
  const made = spawnSync(process.execPath, [join(root, 'scripts/image-files.ts'), image], { encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
  for (const path of ['ko-app', 'usr/local/bin', 'usr/local', 'usr', '.']) chmodSync(join(image, path), 0o555)
})
after(() => {
  for (const path of ['.', 'usr', 'usr/local', 'usr/local/bin', 'ko-app']) chmodSync(join(image, path), 0o755)
  rmSync(image, { recursive: true, force: true })
})

function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  // Only root may become another user; a developer's own account is not root either way.
  const user = process.getuid?.() === 0 ? { uid: nonRoot, gid: nonRoot } : {}
  return spawnSync(join(image, 'usr/local/bin/node'), [join(image, 'ko-app/syncer'), ...args], {
    ...user,
    cwd: image,
    env,
    encoding: 'utf8',
    timeout: 20_000,
  })
}

describe('the image', () => {
  test('has an entry point the kernel can start without a shell', () => {
    assert.match(readFileSync(join(image, 'ko-app/syncer'), 'utf8').slice(0, 40), /^#!\/usr\/local\/bin\/node\n/)
  })
  test('prints its version', () => {
    const result = run(['--version'])
    assert.equal(result.status, 0, result.stderr)
    assert.match(result.stdout, /syncer version v/)
  })
  test('names the flag that is missing', () => {
    const result = run(['--from-kubeconfig=/nope'])
    assert.equal(result.status, 1)
    assert.match(result.stderr, /--from-cluster is required/)
  })
})
