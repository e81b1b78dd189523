import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  everything,
  formatLabelSelector,
  labelSelectorOf,
  matchesLabels,
  nothing,
  selectorFromLabels,
} from './label-selector.ts'
import { parseLabelSelector } from './parse-label-selector.ts'

const labels = { app: 'web', tier: 'front', n: '5', empty: '' }
const matches: [text: string, want: boolean][] = [
  ['', true],
  ['app=web', true],
  ['app==web', true],
  ['app=db', false],
  ['app!=db', true],
  ['other!=db', true],
  ['app in (db,web)', true],
  ['app notin (db, web)', false],
  ['other notin (db)', true],
  ['app', true],
  ['!app', false],
  ['!other', true],
  ['constructor', false],
  ['app=web,tier=back', false],
  [' app = web , tier in ( front ) ', true],
  ['n>4', true],
  ['n<5', false],
  ['app>4', false],
  ['empty=', true],
  ['empty=,app', true],
  ['empty in (,x)', true],
  ['in in (in)', false],
]
for (const [text, want] of matches) {
  test(`'${text}' ${want ? 'matches' : 'does not match'}`, () => {
    assert.equal(matchesLabels(parseLabelSelector(text), labels), want)
  })
}

const texts: [text: string, want: string][] = [
  ['b=1, a', 'a,b=1'],
  ['a==b', 'a==b'],
  ['a in (c, b,b)', 'a in (b,c)'],
  ['a notin (,)', 'a notin ()'],
  ['a in ()', 'a in ()'],
  ['!a,b>3', '!a,b>3'],
]
for (const [text, want] of texts) {
  test(`'${text}' is written as '${want}'`, () => assert.equal(formatLabelSelector(parseLabelSelector(text)), want))
}

const errors: [text: string, want: string][] = [
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=b,', "found '', expected: identifier after ','"],
  ['=a', "found '=', expected: !, identifier, or 'end of string'"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['!=a', "found '!=', expected: !, identifier, or 'end of string'"],
  ['!!a', "unable to parse requirement: found '!', expected: identifier"],
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a==(', "unable to parse requirement: found '(', expected: identifier"],
  [
    'a>x',
    `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
  ],
]
for (const [text, want] of errors) {
  test(`'${text}' is refused`, () => assert.throws(() => parseLabelSelector(text), { message: want, code: 400 }))
}

test('bad keys and values are named', () => {
  assert.throws(
    () => parseLabelSelector('-a=b'),
    /^StatusError: unable to parse requirement: <nil>: Invalid value: "-a": name part must/,
  )
  assert.throws(
    () => parseLabelSelector('a=-b'),
    /^StatusError: unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b": a valid label must/,
  )
})

test('selector objects: absent selects nothing, empty everything', () => {
  assert.equal(matchesLabels(labelSelectorOf(undefined), labels), false)
  assert.equal(matchesLabels(nothing, {}), false)
  assert.equal(matchesLabels(labelSelectorOf({}), labels), true)
  assert.equal(matchesLabels(everything, undefined), true)
  const selector = labelSelectorOf({
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['front', 'back'] },
      { key: 'gone', operator: 'DoesNotExist' },
    ],
  })
  assert.equal(matchesLabels(selector, labels), true)
  assert.equal(formatLabelSelector(selector), 'app=web,!gone,tier in (back,front)')
  assert.throws(() => labelSelectorOf({ matchExpressions: [{ key: 'a', operator: 'Gt' }] }), {
    message: '"Gt" is not a valid label selector operator',
  })
  assert.equal(formatLabelSelector(selectorFromLabels({ b: '2', a: '1' })), 'a=1,b=2')
})
