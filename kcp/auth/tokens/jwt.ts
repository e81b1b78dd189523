// JSON Web Tokens signed with RS256, the only kind Kubernetes issues. Leaves out: what the claims mean.
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { isJsonObject, type JsonObject } from '../../../api/json.ts'

export interface Jwt {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly signed: string
  readonly signature: Buffer
}

const tokenBytesLimit = 16 * 1024

export function signJwt(claims: JsonObject, key: KeyObject): string {
  const signed = `${encode({ alg: 'RS256', kid: keyId(key) })}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

/** The same on a thread of the pool: a signature takes longer than the rest of most requests. */
export async function signJwtBeside(claims: JsonObject, key: KeyObject): Promise<string> {
  const signed = `${encode({ alg: 'RS256', kid: keyId(key) })}.${encode(claims)}`
  const signature = await signBeside('sha256', Buffer.from(signed), key)
  return `${signed}.${signature.toString('base64url')}`
}

const signBeside = promisify<string, Buffer, KeyObject, Buffer>(sign)

/** undefined for text that is no JWT. Nothing in the result may be trusted before isSignedBy. */
export function decodeJwt(token: string): Jwt | undefined {
  const parts = token.split('.')
  const [header = '', claims = '', signature = ''] = parts
  if (parts.length !== 3 || token.length > tokenBytesLimit) return undefined
  const decodedHeader = decode(header)
  const decodedClaims = decode(claims)
  if (decodedHeader === undefined || decodedClaims === undefined) return undefined
  return {
    header: decodedHeader,
    claims: decodedClaims,
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

export function isSignedBy(jwt: Jwt, publicKey: KeyObject): boolean {
  return jwt.header.alg === 'RS256' && verify('sha256', Buffer.from(jwt.signed), publicKey, jwt.signature)
}

const keyIds = new WeakMap<KeyObject, string>()

/** The hash of the public key, as Kubernetes names its keys. */
function keyId(key: KeyObject): string {
  const known = keyIds.get(key)
  if (known !== undefined) return known
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const id = createHash('sha256').update(publicKey).digest('base64url')
  keyIds.set(key, id)
  return id
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return isJsonObject(value) ? value : undefined
  } catch {
    // Not JSON: an opaque token with two dots in it.
    return undefined
  }
}
