// Hashes that names are made of. Their texts are contract: other programs compute the same ones.
// Leaves out: which input a name is made of; see the files beside.
import { hash } from 'node:crypto'

/** SHA-2/224 (28 bytes) of the UTF-8 bytes of a text, or of bytes. */
export function sha224(input: string | Uint8Array): Uint8Array {
  return hash('sha224', input, 'buffer')
}

const digits36 = '0123456789abcdefghijklmnopqrstuvwxyz'
const digits62 = `${digits36}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

/** Big-endian number in base 36; each leading zero byte is one leading `0`. */
export function base36(bytes: Uint8Array): string {
  const zeros = bytes.findIndex(byte => byte !== 0)
  return '0'.repeat(zeros < 0 ? bytes.length : zeros) + bigEndian(bytes, digits36)
}

/** Big-endian number in base 62, digits before lower before upper case; leading zero bytes vanish. */
export function base62(bytes: Uint8Array): string {
  return bigEndian(bytes, digits62)
}

/** base36(sha224(text)), cut to the length asked for. */
export function hash36(text: string, length?: number): string {
  return base36(sha224(text)).slice(0, length)
}

/** base62(sha224(text)). */
export function hash62(text: string): string {
  return base62(sha224(text))
}

function bigEndian(bytes: Uint8Array, digits: string): string {
  const base = digits.length
  const limbs: number[] = []
  for (const byte of bytes) {
    let carry = byte
    for (let i = 0; i < limbs.length; i++) {
      carry += (limbs[i] ?? 0) * 256
      limbs[i] = carry % base
      carry = Math.floor(carry / base)
    }
    for (; carry > 0; carry = Math.floor(carry / base)) limbs.push(carry % base)
  }
  return limbs.reduceRight((text, limb) => text + digits.charAt(limb), '')
}
