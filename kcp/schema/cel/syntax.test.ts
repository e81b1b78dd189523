// What a rule may be written like and what is said of the rest; what is as in Kubernetes is in
// test/conformance/cel-rules.test.ts, here is what differs from it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileProgram } from './expression-program.ts'
import { createMeter } from './meter.ts'
import { stringType } from './types.ts'

const variables = new Map([['self', stringType]])

const refused: [rule: string, problem: RegExp][] = [
  ['[?self]', /^ERROR: <input>:1:2: Syntax error: extraneous input '\?' expecting/],
  ['{?"a": self}', /^ERROR: <input>:1:2: Syntax error: extraneous input '\?' expecting/],
  ['1.0 + .5', /^ERROR: <input>:1:7: Syntax error: extraneous input '\.' expecting/],
  ['.self', /^ERROR: <input>:1:1: Syntax error: extraneous input '\.' expecting/],
  ['Foo{a: 1}', /^ERROR: <input>:1:4: Syntax error: mismatched input '{' expecting <EOF>/],
  ['let x = 1', /^ERROR: <input>:1:1: reserved identifier: let/],
]

describe('refused here, other than in Kubernetes', () => {
  for (const [rule, problem] of refused) {
    test(rule, () => {
      const found = compileProgram(rule, variables)
      assert.ok(typeof found === 'string')
      assert.match(found, problem)
    })
  }
})

test('formats are checked when a rule runs', () => {
  const program = compileProgram("'%d'.format(['a'])", variables)
  assert.ok(typeof program === 'object')
  assert.deepEqual(program.run('x', null, createMeter()), {
    tag: 'failure',
    message: 'error during formatting: decimal clause can only be used on integers, was given string',
  })
})

test('signs cancel each other, and one before a number is part of it', () => {
  for (const [rule, want] of [
    ['--5', 5n],
    ['-(-5)', 5n],
    ['- 5', -5n],
    ['!!true', true],
    ['-9223372036854775808', -(2n ** 63n)],
  ] as const) {
    const program = compileProgram(rule, variables)
    assert.ok(typeof program === 'object', rule)
    assert.equal(program.run('x', null, createMeter()), want)
  }
})

test('places are counted in characters, and wide ones have wide dots', () => {
  assert.equal(
    compileProgram("self == 'é😀' && nope", variables),
    "ERROR: <input>:1:17: undeclared reference to 'nope' (in container '')\n | self == 'é😀' && nope\n | .........．．.....^",
  )
})
