// Reads PKCS #10 certificate requests: who asks, for which key, and whether he has it. Leaves out: extensions and names.
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { CertificateSubject } from './issue-certificate.ts'

export interface ReadRequest {
  readonly subject: CertificateSubject
  readonly publicKey: KeyObject
}

/** By the object identifier of the signature algorithm; null: the key says it all. */
const digests: Readonly<Record<string, string | null>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
}
const commonName = '550403'
const organization = '55040a'

/** Throws an Error that says what is wrong with it. */
export function readCertificateRequest(pem: string): ReadRequest {
  const [, base64] = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(pem) ?? []
  const [request] = itemsOf(Buffer.from(base64 ?? '', 'base64'))
  const [info, algorithm, signature] = itemsOf(required(request).content)
  const [, name, key] = itemsOf(required(info).content)
  const publicKey = createPublicKey({ key: required(key).whole, format: 'der', type: 'spki' })
  const [identifier] = itemsOf(required(algorithm).content)
  const digest = digests[required(identifier).content.toString('hex')]
  if (digest === undefined) throw new Error('the request is signed in a way that is not supported')
  // The first byte of a bit string counts its unused bits.
  if (!verify(digest, required(info).whole, publicKey, required(signature).content.subarray(1))) {
    throw new Error('the signature of the request is not by its key')
  }
  return { subject: subjectOf(required(name).content), publicKey }
}

function subjectOf(name: Buffer): CertificateSubject {
  const attributes = itemsOf(name)
    .flatMap(set => itemsOf(set.content))
    .map(attribute => itemsOf(attribute.content))
  const valuesOf = (identifier: string) =>
    attributes.flatMap(([type, value]) =>
      type?.content.toString('hex') === identifier && value ? [value.content.toString('utf8')] : [],
    )
  return { commonName: valuesOf(commonName)[0] ?? '', organizations: valuesOf(organization) }
}

interface DerItem {
  /** With tag and length. */
  readonly whole: Buffer
  readonly content: Buffer
}

const longLength = 0x80
const lengthBytesMax = 3

/** Items that follow each other. */
function itemsOf(bytes: Buffer): DerItem[] {
  const items: DerItem[] = []
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1] ?? 0
    const more = first >= longLength ? first - longLength : 0
    const start = at + 2 + more
    if (more > lengthBytesMax || start > bytes.length) throw cutOff()
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more)
    const end = start + length
    if (end > bytes.length) throw cutOff()
    items.push({ whole: bytes.subarray(at, end), content: bytes.subarray(start, end) })
    at = end
  }
  return items
}

const cutOff = () => new Error('the request is cut off, or no DER')

function required(item: DerItem | undefined): DerItem {
  if (item === undefined) throw cutOff()
  return item
}
