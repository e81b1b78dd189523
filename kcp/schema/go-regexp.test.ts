import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileGoRegExp, goRegExpProblem } from './go-regexp.ts'

/** pattern, texts that match, texts that do not. */
const matches: [string, string[], string[]][] = [
  ['', ['', 'x'], []],
  ['b', ['abc'], ['', 'ac']],
  ['^a*$', ['', 'aaa'], ['ab', 'a\n']],
  ['^(a|ab)(c|bcd)$', ['abcd', 'ac', 'abc'], ['abd']],
  ['^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$', ['a', 'a-b', `a${'b'.repeat(62)}`], ['', 'a-', 'A', `a${'b'.repeat(63)}`]],
  ['(?i)^straße$', ['STRASSE'.replace('SS', 'ß'), 'straße'], ['strasse']],
  ['^(?i:a)b$', ['Ab', 'ab'], ['aB']],
  ['(?s)^a.b$', ['a\nb'], []],
  ['^a.b$', ['a😀b'], ['a\nb']],
  ['(?m)^b$', ['a\nb\nc'], ['ab']],
  ['\\bfoo\\b', ['a foo b', 'foo'], ['food', '_foo']],
  ['\\Bo', ['foo'], ['o']],
  ['^\\d+\\D\\w\\W\\s\\S$', ['12xa- x'], ['12']],
  ['^[[:alpha:]_]+[^[:space:]]$', ['ab_1'], ['ab ']],
  ['^\\p{Greek}+\\pL\\P{Lu}$', ['αβxy'], ['αβxY']],
  ['^\\Qa.b\\E$', ['a.b'], ['axb']],
  ['^\\x41\\x{1F600}\\101$', ['A😀A'], []],
  ['^(a{2,3}){2}$', ['aaaa', 'aaaaaa'], ['aaa', 'aaaaaaa']],
  ['^a{,2}$', ['a{,2}'], ['a']],
  ['^(?P<year>\\d{4})-(?<month>\\d\\d)$', ['2026-01'], ['2026-1']],
  ['^[]a]+[^]]$', [']ab'], [']]']],
  ['^a??b*?$', ['', 'abb'], ['aa']],
  ['x*', ['yyy'], []],
  ['^(?U)a+$', ['aa'], []],
]

for (const [pattern, yes, no] of matches) {
  test(`matches of ${pattern}`, () => {
    const compiled = compileGoRegExp(pattern)
    assert.ok(compiled)
    for (const text of yes) assert.equal(compiled.test(text), true, text)
    for (const text of no) assert.equal(compiled.test(text), false, text)
  })
}

const problems: [string, string][] = [
  ['(a', 'missing closing ): `(a`'],
  ['a)', 'unexpected ): `a)`'],
  ['^(?=x)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['(?<!x)', 'invalid named capture: `(?<!x)`'],
  ['(a)\\1', 'invalid escape sequence: `\\1`'],
  ['\\y', 'invalid escape sequence: `\\y`'],
  ['a\\', 'trailing backslash at end of expression: ``'],
  ['a{2000}', 'invalid repeat count: `{2000}`'],
  ['a{3,2}', 'invalid repeat count: `{3,2}`'],
  ['(a{100}){100}', 'invalid repeat count: `{100}`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['a*?+', 'invalid nested repetition operator: `*?+`'],
  ['*a', 'missing argument to repetition operator: `*`'],
  ['(|+)', 'missing argument to repetition operator: `+`'],
  ['[z-a]', 'invalid character class range: `z-a`'],
  ['[a', 'missing closing ]: `[a`'],
  ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
  ['\\p{Foo}', 'invalid character class range: `\\p{Foo}`'],
  ['(a{30}){40}', 'invalid repeat count: `{40}`'],
  ['\\x{110000}', 'invalid escape sequence: `\\x{110000`'],
  ['(?P<a-b>x)', 'invalid named capture: `(?P<a-b>`'],
]

test('what Go says about patterns it refuses', () => {
  for (const [pattern, text] of problems) {
    assert.equal(goRegExpProblem(pattern), `error parsing regexp: ${text}`, pattern)
    assert.equal(compileGoRegExp(pattern), undefined)
  }
})

test('patterns that would take for ever when tried one way after the other', () => {
  const long = `${'a'.repeat(100_000)}!`
  for (const pattern of ['^(a+)+$', '^(a|aa)+$', '(a*)*b', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    assert.equal(compileGoRegExp(pattern)?.test(long), false, pattern)
  }
})

test('work is bounded for patterns whose threads are many', () => {
  let seed = 1
  const text = Array.from({ length: 200_000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed > 1_000_000_000 ? 'a' : 'b'
  }).join('')
  assert.throws(() => compileGoRegExp('a.{900}c')?.test(text), /too expensive/)
  assert.equal(goRegExpProblem('(.{500}){2}'.repeat(30)), 'error parsing regexp: expression too large')
})
