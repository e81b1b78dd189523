// Issues X.509 certificates: a certificate authority and TLS servers or clients under it, all with ECDSA P-256.
// Leaves out: files and the decision when to issue (certificates.ts), revocation.
import { createHash, createPublicKey, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import * as der from './der.ts'

export interface CertificateSubject {
  readonly commonName: string
  readonly organizations?: readonly string[]
}

export interface CertificateRequest {
  readonly subject: CertificateSubject
  readonly purpose: 'authority' | 'server' | 'client'
  /** DNS names and IP addresses; servers only. */
  readonly names?: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
}

export interface Issuer {
  readonly subject: CertificateSubject
  readonly privateKey: KeyObject
}

const generate = promisify(generateKeyPair)

export async function generateEcKey(): Promise<KeyObject> {
  return (await generate('ec', { namedCurve: 'P-256' })).privateKey
}

export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** PEM of a certificate for the key, signed by the issuer (an authority signs itself). */
export function issueCertificate(request: CertificateRequest, key: KeyObject, issuer: Issuer): string {
  const ecdsaWithSha256 = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'))
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    // The top bit stays clear and the first byte is never 0, so that the number is positive and of full length.
    der.integer(Buffer.concat([Buffer.from([0x40 | ((randomBytes(1)[0] ?? 0) & 0x3f)]), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(issuer.subject),
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    distinguishedName(request.subject),
    publicKeyInfo(key),
    der.explicit(3, der.sequence(...extensions(request, key, issuer))),
  )
  const signature = sign('sha256', toBeSigned, issuer.privateKey)
  return pem('CERTIFICATE', der.sequence(toBeSigned, ecdsaWithSha256, der.bitString(signature)))
}

function publicKeyInfo(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ type: 'spki', format: 'der' })
}

function distinguishedName(subject: CertificateSubject): Buffer {
  const attribute = (oid: string, text: string): Buffer =>
    der.set(der.sequence(der.objectIdentifier(oid), der.utf8String(text)))
  const organizations = (subject.organizations ?? []).map(name => attribute('2.5.4.10', name))
  return der.sequence(...organizations, attribute('2.5.4.3', subject.commonName))
}

function extensions(request: CertificateRequest, key: KeyObject, issuer: Issuer): Buffer[] {
  const authority = request.purpose === 'authority'
  const list = [
    // digitalSignature, or that with keyCertSign and cRLSign.
    extension(
      '2.5.29.15',
      true,
      authority ? der.bitString(Buffer.from([0x86]), 1) : der.bitString(Buffer.from([0x80]), 7),
    ),
    extension('2.5.29.19', true, authority ? der.sequence(der.booleanTrue()) : der.sequence()),
    extension('2.5.29.14', false, der.octetString(keyIdentifier(key))),
    extension('2.5.29.35', false, der.sequence(der.implicit(0, keyIdentifier(issuer.privateKey)))),
  ]
  if (request.purpose === 'server') list.push(extendedKeyUsage('1.3.6.1.5.5.7.3.1'))
  if (request.purpose === 'client') list.push(extendedKeyUsage('1.3.6.1.5.5.7.3.2'))
  const names = request.names ?? []
  if (names.length > 0) list.push(extension('2.5.29.17', false, der.sequence(...names.map(generalName))))
  return list
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der.booleanTrue()] : []
  return der.sequence(der.objectIdentifier(oid), ...flag, der.octetString(value))
}

function extendedKeyUsage(oid: string): Buffer {
  return extension('2.5.29.37', false, der.sequence(der.objectIdentifier(oid)))
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1').update(publicKeyInfo(key)).digest()
}

function generalName(name: string): Buffer {
  return isIP(name) === 0 ? der.implicit(2, Buffer.from(name)) : der.implicit(7, addressBytes(name))
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  // The URL parser spells every IPv6 form out to hexadecimal groups with at most one `::`.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back]
  return Buffer.from(groups.map(group => group.padStart(4, '0')).join(''), 'hex')
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
