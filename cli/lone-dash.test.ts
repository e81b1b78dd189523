import assert from 'node:assert/strict'
import { test } from 'node:test'
import yargs from 'yargs'
import { spellLoneDashes } from './lone-dash.ts'
import { kcpProgram, workspaceCommands } from './program.ts'

test('a lone dash is a value', () => {
  assert.deepEqual(spellLoneDashes(['ws', '-']), ['ws', '--name=-'])
  assert.deepEqual(spellLoneDashes(['workload', 'sync', 'a', '-o', '-']), ['workload', 'sync', 'a', '-o=-'])
  assert.deepEqual(spellLoneDashes(['--output-file', '-', 'a']), ['--output-file=-', 'a'])
  assert.deepEqual(spellLoneDashes(['ws', 'a-b', '--short', '-v', '--']), ['ws', 'a-b', '--short', '-v', '--'])
})

const parse = async (argv: string[], define: typeof kcpProgram) => {
  const flags: object[] = []
  const stop = new Error('parsed')
  const program = define(yargs(spellLoneDashes(argv)), given => {
    flags.push(given)
    throw stop
  })
  await assert.rejects(async () => program.fail(false).exitProcess(false).strict().parseAsync(), stop)
  return flags[0] as { name?: string; outputFile?: string }
}

test('the commands take it', async () => {
  const ws = (args: Parameters<typeof kcpProgram>[0], make: Parameters<typeof kcpProgram>[1]) =>
    workspaceCommands(args, make, 'kubectl ws')
  assert.equal((await parse(['-'], ws)).name, '-')
  assert.equal((await parse(['use', '-'], ws)).name, '-')
  assert.equal((await parse([], ws)).name, undefined)
  assert.equal((await parse(['ws', '-'], kcpProgram)).name, '-')
  const sync = await parse(['workload', 'sync', 'east', '--syncer-image', 'i', '-o', '-'], kcpProgram)
  assert.deepEqual([sync.name, sync.outputFile], ['east', '-'])
})
