import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runCommand } from './processes.ts'

describe('a command of the walk', () => {
  const env = process.env
  const cwd = process.cwd()

  test('gives its exit code, and both outputs in order', async () => {
    const { signal } = new AbortController()
    const result = await runCommand('echo a; echo b >&2; exit 3', { cwd, env, signal })
    assert.deepEqual(result, { code: 3, output: 'a\nb\n' })
  })
  test('has ended with all it started when an abort is answered', async () => {
    const interrupt = new AbortController()
    let output = ''
    const onOutput = (text: string) => {
      output += text
      interrupt.abort(new Error('interrupted'))
    }
    // `close` comes when the last one that holds the output is gone: here the sleep.
    const command = 'trap "echo ended; exit" TERM; (echo started; exec sleep 100)'
    const run = runCommand(command, { cwd, env, signal: interrupt.signal, onOutput })
    await assert.rejects(run, /interrupted/)
    assert.match(output, /^started\n(.*\n)?ended\n/)
  })
  test('is not started after an abort', async () => {
    await assert.rejects(
      runCommand('true', { cwd, env, signal: AbortSignal.abort(new Error('interrupted')) }),
      /interrupted/,
    )
  })
})
