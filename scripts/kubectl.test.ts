import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findKubectl, kubectlMinorMin } from './kubectl.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubectl-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A folder for PATH with a kubectl that says it is of this minor version. */
function pathWith(minor: number): string {
  const bin = join(folder, String(minor))
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'kubectl'), `#!/bin/sh\necho '{"clientVersion": {"major": "1", "minor": "${minor}"}}'\n`)
  chmodSync(join(bin, 'kubectl'), 0o755)
  return bin
}

test('the kubectl on PATH is taken when it is new enough', () => {
  assert.equal(findKubectl({ PATH: `/nowhere:${pathWith(27)}` }), join(folder, '27', 'kubectl'))
})

const carriesOne = process.platform === 'linux' && process.arch === 'x64'

test('without one, or with an old one, the carried one is unpacked', { skip: !carriesOne && 'none for it' }, () => {
  const found = findKubectl({ PATH: pathWith(26) })
  assert.equal(findKubectl({ PATH: '/nowhere' }), found)
  const { stdout } = spawnSync(found, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
  assert.ok(Number(JSON.parse(stdout).clientVersion.minor) >= kubectlMinorMin)
})

test('where none is carried, it is said which one was found and where to get another', () => {
  const none = () => undefined
  const install = /https:\/\/kubernetes\.io\/docs\/tasks\/tools\/$/
  assert.throws(() => findKubectl({ PATH: '/nowhere' }, none), { message: /^there is no kubectl on PATH; install / })
  assert.throws(() => findKubectl({ PATH: pathWith(26) }, none), { message: /\/26\/kubectl\) is older than 1\.27; / })
  assert.throws(() => findKubectl({ PATH: '/nowhere' }, none), { message: install })
})
