import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base36, base62, hash36, hash62, sha224 } from './hash.ts'

test('base36 keeps leading zero bytes, base62 drops them', () => {
  assert.equal(base36(Uint8Array.of(0, 0, 36)), '0010')
  assert.equal(base36(Uint8Array.of(0, 0)), '00')
  assert.equal(base36(new Uint8Array()), '')
  assert.equal(base62(Uint8Array.of(0, 0, 62)), '10')
  assert.equal(base62(Uint8Array.of(0)), '')
  const digest = sha224('uid-167')
  assert.equal(Buffer.from(digest).toString('hex'), '004846b6c6da4b3fa1144286ecf0c82e2db2b905a93e432c0c03c707')
  assert.equal(base36(digest), '04me52lx1k3ze5n6gvc4u6l1h5a1keuhfj7xbi6g7bb')
  assert.equal(base62(digest), 'STqO1QQPSoaukwhhzWQT1j3svLBGwiJ4V0rB')
})

test('hashes of well-known texts', () => {
  assert.equal(hash36('root', 8), '1pfxsevk')
  assert.equal(hash36('/clusters/root:compute', 8), '1pre20xf')
  assert.equal(hash62('root:kind'), 'a3dgOKx7UtNwbBNg9r039im0O1wH7M0rDvxkK9')
  assert.equal(hash62('root:tenancy.kcp.io'), 'bmCdly9xXiUpEHe3ypvDwvXMTfoVZUE92mqAQf')
})
