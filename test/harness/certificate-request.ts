// A PKCS #10 certificate request, as openssl would write it.
import { type KeyObject, sign } from 'node:crypto'
import * as der from '../../kcp/bootstrap/der.ts'

const attribute = (oid: string, text: string) => der.set(der.sequence(der.objectIdentifier(oid), der.utf8String(text)))

export interface RequestKeys {
  readonly publicKey: KeyObject
  /** Signs; another one makes a request that is refused. */
  readonly privateKey: KeyObject
  /** Object identifier of the signature algorithm. */
  readonly algorithm: string
}

export const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

export function certificateRequestPem(
  commonName: string,
  organizations: readonly string[],
  { publicKey, privateKey, algorithm }: RequestKeys,
): string {
  const info = der.sequence(
    der.integer(Buffer.from([0])),
    der.sequence(...organizations.map(name => attribute('2.5.4.10', name)), attribute('2.5.4.3', commonName)),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(0),
  )
  const signature = sign('sha256', info, privateKey)
  const whole = der.sequence(info, der.sequence(der.objectIdentifier(algorithm)), der.bitString(signature))
  return `-----BEGIN CERTIFICATE REQUEST-----\n${whole.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
}
