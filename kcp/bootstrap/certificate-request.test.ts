import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { certificateRequestPem, ecdsaWithSha256 } from '../../test/harness/certificate-request.ts'
import { readCertificateRequest } from './certificate-request.ts'

const ec = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), algorithm: ecdsaWithSha256 }
const rsa = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }), algorithm: '1.2.840.113549.1.1.11' }
const pem = certificateRequestPem('jane', ['team', 'ä'], ec)

test('tells who asks, for which key', () => {
  const subject = { commonName: 'jane', organizations: ['team', 'ä'] }
  for (const keys of [ec, rsa]) {
    const read = readCertificateRequest(certificateRequestPem('jane', ['team', 'ä'], keys))
    assert.deepEqual(read.subject, subject)
    assert.ok(read.publicKey.equals(keys.publicKey))
  }
})

test('who has not the key is refused', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const forged = certificateRequestPem('jane', [], { ...ec, privateKey })
  assert.throws(() => readCertificateRequest(forged), /not by its key/)
})

test('what is no request is refused', () => {
  for (const text of ['', 'x', pem.replace(/\n(.{40})[^\n]*\n/, '\n$1\n')]) {
    assert.throws(() => readCertificateRequest(text), /cut off/)
  }
})
