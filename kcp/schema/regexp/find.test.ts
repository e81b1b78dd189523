import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileGoRegExp } from '../go-regexp.ts'
import { RegExpCostError } from './match.ts'

/** As Go's FindAllString gives them. */
const found: [pattern: string, text: string, want: string[]][] = [
  ['a+', 'baaab aa', ['aaa', 'aa']],
  ['a+?', 'baaab', ['a', 'a', 'a']],
  ['a|ab', 'ab', ['a']],
  ['ab|a', 'ab', ['ab']],
  ['(a|ab)(c|bcd)', 'abcd', ['abcd']],
  ['', 'ab', ['', '', '']],
  ['a*', 'baab', ['', 'aa', '']],
  ['x', 'ab', []],
  ['^a', 'aa', ['a']],
  ['a$', 'aa', ['a']],
  ['\\b\\w', 'one two', ['o', 't']],
  ['[0-9]+', 'a1b22c333', ['1', '22', '333']],
  ['.', '😀é', ['😀', 'é']],
  ['(?i)HE', 'hehE', ['he', 'hE']],
]

for (const [pattern, text, want] of found) {
  test(`${pattern} in ${text}`, () => {
    assert.deepEqual(compileGoRegExp(pattern)?.findAll(text, -1), want)
  })
}

test('no more than were asked for', () => {
  assert.deepEqual(compileGoRegExp('a')?.findAll('aaaa', 2), ['a', 'a'])
  assert.deepEqual(compileGoRegExp('a')?.findAll('aaaa', 0), [])
})

test('a search that takes too many steps ends', () => {
  const expression = compileGoRegExp('(?:a|b)*a(?:a|b){300}c')
  assert.throws(() => expression?.findAll('ab'.repeat(20_000), -1), RegExpCostError)
})

test('steps are counted down, and the same for the same text', () => {
  const taken = () => {
    const budget = { steps: 10_000 }
    compileGoRegExp('b+c')?.findAll('abbbc'.repeat(10), -1, budget)
    return 10_000 - budget.steps
  }
  const first = taken()
  assert.ok(first > 50)
  assert.equal(taken(), first)
  assert.throws(() => compileGoRegExp('b+c')?.findAll('abbbc'.repeat(10), -1, { steps: first - 1 }), RegExpCostError)
})
