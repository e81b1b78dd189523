// What a rule may be written like and what is said of the rest; what is as in Kubernetes is in
// test/conformance/cel-rules.test.ts, here is what differs from it and what the library does not know.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileProgram } from './expression-program.ts'
import { createMeter } from './meter.ts'
import { stringType } from './types.ts'

const variables = new Map([['self', stringType]])

const refused: [rule: string, problem: RegExp][] = [
  ['Foo{a: 1}', /^ERROR: <input>:1:4: Syntax error: mismatched input '{' expecting <EOF>/],
  ['let x = 1', /^ERROR: <input>:1:1: reserved identifier: let/],
  ['self[0', /^ERROR: <input>:1:7: Syntax error: mismatched input '<EOF>' expecting \{'\]', ','\}/],
]

describe('refused in other words than in Kubernetes', () => {
  for (const [rule, problem] of refused) {
    test(rule, () => {
      const found = compileProgram(rule, variables)
      assert.ok(typeof found === 'string')
      assert.match(found, problem)
    })
  }
})

function run(rule: string): unknown {
  const program = compileProgram(rule, variables)
  assert.ok(typeof program === 'object', String(program))
  return program.run('x', null, createMeter())
}

const spellings: [rule: string, want: bigint][] = [
  ["[?optional.of('?'), ?optional.none(), '[?', 'x'].size()", 3n],
  ['[ ? ( optional.of(1) ) , 2][0]', 1n],
  ["{ ?'a': optional.of(1), 'b': 2 }.a", 1n],
  ["{'a': [?optional.of(5)]}.a[0]", 5n],
  ['true ? [1][0] : 2', 1n],
  ['[1, 2][?1].value() // [?', 2n],
  ['1 in [?optional.of(1)] ? 1 : 0', 1n],
  ['int(.5e1)', 5n],
  ['int(-.5e1)', -5n],
  ['int(1.5+.5)', 2n],
  ['.self.size()', 1n],
  [`"""a'[?""".size() + r'\\.5'.size()`, 7n],
  ['[?dyn(optional.of(1))].size()', 1n],
]

describe('spellings the library does not know', () => {
  for (const [rule, want] of spellings) test(rule, () => assert.equal(run(rule), want))
})

describe('signs cancel each other, and one before a number is part of it', () => {
  for (const [rule, want] of [
    ['--5', 5n],
    ['-(-5)', 5n],
    ['- 5', -5n],
    ['!!true', true],
    ['-9223372036854775808', -(2n ** 63n)],
  ] as const) {
    test(rule, () => assert.equal(run(rule), want))
  }
})

test('a format of values is checked when the rule runs', () => {
  assert.deepEqual(run("(self + '%d').format(['a'])"), {
    tag: 'failure',
    message: 'error during formatting: decimal clause can only be used on integers, was given string',
  })
})

test('places are counted in characters, and wide ones have wide dots', () => {
  assert.equal(
    compileProgram("self == 'é😀' && nope", variables),
    "ERROR: <input>:1:17: undeclared reference to 'nope' (in container '')\n | self == 'é😀' && nope\n | .........．．.....^",
  )
})
