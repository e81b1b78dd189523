// The RSA key that signs ServiceAccount tokens: generated once, then kept, so that tokens survive a restart.
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { readFileIfPresent, writeSecretFile } from './root-directory.ts'

const modulusBits = 2048

export async function ensureServiceAccountKey(path: string): Promise<KeyObject> {
  const kept = await readFileIfPresent(path)
  if (kept !== undefined) return parseKey(path, kept)
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits })
  await writeSecretFile(path, privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())
  return privateKey
}

function parseKey(path: string, pem: Buffer): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw new Error(`${path} is not a PEM private key; remove it to get a new one (issued tokens end then)`, { cause })
  }
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`${path} must hold an RSA private key`)
  return key
}
