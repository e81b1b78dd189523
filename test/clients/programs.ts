// What the client tests run: a Python with the official client, a Go program with client-go. Both are made once, in .cache.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../harness/walk.ts'

/** A program, or the word with which its tests are skipped. */
export type Found = { readonly file: string } | { readonly missing: string }

const cache = join(root, '.cache')
const installMs = 300_000

export function pythonWithClient(): Found {
  const requirements = join(root, 'test/clients/python/requirements.txt')
  const version = readFileSync(requirements, 'utf8').trim().replaceAll('=', '')
  const place = join(cache, `python-${version}`)
  const file = join(place, 'bin', 'python')
  const ready = () => existsSync(file) && succeeds(file, ['-c', 'import kubernetes'])
  if (ready()) return { file }
  if (!succeeds('python3', ['--version'])) return { missing: 'there is no python3 on PATH' }
  const installed =
    succeeds('python3', ['-m', 'venv', place]) && succeeds(file, ['-m', 'pip', 'install', '-q', '-r', requirements])
  return installed && ready() ? { file } : { missing: `pip cannot install ${version} here` }
}

export function goController(): Found {
  if (!succeeds('go', ['version'])) return { missing: 'there is no go on PATH' }
  const file = join(cache, 'go-controller')
  mkdirSync(cache, { recursive: true })
  const built = succeeds('go', ['build', '-o', file, '.'], join(root, 'test/clients/go'))
  return built ? { file } : { missing: 'go cannot build with client-go here' }
}

function succeeds(program: string, args: readonly string[], cwd = root): boolean {
  const result = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: installMs })
  return result.status === 0
}
