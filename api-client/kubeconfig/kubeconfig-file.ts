// One kubeconfig file as text and as its content; YAML is loaded only for files that are not JSON.
import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { isJsonObject, type JsonObject, parseJson } from '../../api/json.ts'

export interface KubeconfigText {
  readonly content: JsonObject
  readonly isJson: boolean
}

export async function parseKubeconfigText(text: string, path: string): Promise<KubeconfigText> {
  const isJson = text.trimStart().startsWith('{')
  const content = isJson ? parseJson(text) : await parseYaml(text, path)
  if (content === null || content === undefined) return { content: {}, isJson: false }
  if (!isJsonObject(content)) throw new Error(`error loading config file "${path}": it is not a kubeconfig`)
  return { content, isJson }
}

/** Undefined when there is no such file. */
export async function readKubeconfigFile(path: string): Promise<KubeconfigText | undefined> {
  try {
    return await parseKubeconfigText(await readFile(path, 'utf8'), path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces the file as a whole, so that a reader never sees half of it; keeps its mode, a new one is 0600. */
export async function writeKubeconfigFile(path: string, file: KubeconfigText): Promise<void> {
  const text = file.isJson ? `${JSON.stringify(file.content, null, 2)}\n` : await formatYaml(file.content)
  const real = await realpath(path).catch(() => path)
  const mode = await stat(real).then(
    found => found.mode & 0o777,
    () => 0o600,
  )
  const draft = `${real}.${process.pid}.tmp`
  await writeFile(draft, text, { mode })
  await rename(draft, real)
}

async function parseYaml(text: string, path: string): Promise<JsonObject | null | undefined> {
  const { parse } = await import('yaml')
  try {
    return parse(text) as JsonObject | null
  } catch (error) {
    throw new Error(`error loading config file "${path}": ${error instanceof Error ? error.message : error}`)
  }
}

async function formatYaml(content: JsonObject): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(content, { lineWidth: 0, indentSeq: false })
}
