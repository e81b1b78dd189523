import assert from 'node:assert/strict'
import { test } from 'node:test'
import { baseName, isClusterName, isClusterPath, isWorkspaceName, joinPath, parentPath } from './cluster-path.ts'
import { generateName } from './generate-name.ts'

const texts: [text: string, path: boolean, name: boolean, workspace: boolean][] = [
  ['*', true, false, false],
  ['root', true, true, true],
  ['a', true, false, true],
  ['root:org:team', true, false, false],
  ['system:admin', true, true, false],
  ['user:kcp-admin:x', true, false, false],
  ['root:', false, false, false],
  ['root::x', false, false, false],
  ['Root', false, false, false],
  ['a.b', false, false, false],
  ['a-', false, false, false],
  ['a'.repeat(63), true, true, true],
  ['a'.repeat(64), false, false, false],
]
for (const [text, path, name, workspace] of texts) {
  test(`'${text}' as path, name, workspace name`, () => {
    assert.deepEqual([isClusterPath(text), isClusterName(text), isWorkspaceName(text)], [path, name, workspace])
  })
}

test('paths have parents, names have none', () => {
  assert.equal(parentPath('root:org:team'), 'root:org')
  assert.equal(parentPath('root'), undefined)
  assert.equal(parentPath('system:admin'), undefined)
  assert.equal(baseName('root:org:team'), 'team')
  assert.equal(baseName('system:admin'), 'system:admin')
  assert.equal(joinPath('root', 'org'), 'root:org')
})

test('generated names are the prefix and five signs, at most 63', () => {
  assert.equal(
    generateName('web-', () => 0),
    'web-bbbbb',
  )
  assert.match(generateName('x'.repeat(70), Math.random), /^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/)
})
