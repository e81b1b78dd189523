// The directory everything a server keeps lies in, and how files get there: whole or not at all, secrets for the owner only.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const secretFileMode = 0o600
const publicFileMode = 0o644

/** Creates the directory when it is missing, readable by its owner only. */
export async function ensureDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** undefined when there is no such file. */
export async function readFileIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeSecretFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(path, content, secretFileMode)
}

export async function writePublicFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(path, content, publicFileMode)
}

async function writeWhole(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  await ensureDirectory(dirname(path))
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    await writeFile(temporary, content, { mode, flush: true })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
