import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isJsonObject, type JsonObject } from '../../../api/json.ts'
import { createSchemaNodes } from '../schema-node.ts'
import { checkRules } from './check-rules.ts'
import { createRuleTree } from './rule-tree.ts'
import { checkSchemaRules } from './schema-rules.ts'

const texts = { type: 'array', items: { type: 'string' } }
const numbers = { type: 'array', items: { type: 'integer' } }
const properties = {
  texts,
  numbers,
  text: { type: 'string' },
  map: { type: 'object', additionalProperties: { type: 'string' } },
}

function check(rules: readonly (string | JsonObject)[], object: JsonObject, old?: JsonObject): string[] {
  const entries = rules.map(rule => (isJsonObject(rule) ? rule : { rule }))
  const tree = createRuleTree(createSchemaNodes()({ type: 'object', properties, 'x-kubernetes-validations': entries }))
  assert.ok(tree)
  return checkRules(tree, object, { old }).map(error => `${error.field}: ${error.message}`)
}

const many = 5000
const object: JsonObject = {
  texts: Array.from({ length: many }, (_, i) => `name-${i}`),
  numbers: Array.from({ length: many }, (_, i) => i),
  text: 'ab'.repeat(50_000),
  map: Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i}`, 'v'])),
}

const tooCostly = (rule: string) =>
  `<nil>: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`

/** Each would take seconds or more, were it not cut; some of them cost nothing in Kubernetes' measure. */
const hostile = [
  'self.numbers.all(x, self.numbers.all(y, x != y + 100000))',
  'self.texts.all(x, self.texts.exists(y, y == x))',
  'self.texts.all(x, x in self.texts.map(y, y + "!") || true)',
  'sets.contains(self.texts, self.texts)',
  'self.texts.all(x, self.texts == self.texts)',
  'self.texts.all(x, self.map == self.map)',
  'self.texts.all(x, self.text.size() > 5)',
  'self.numbers.all(x, (self.numbers + self.numbers).size() > 1)',
  'self.numbers.all(x, "%s".format([self.texts]).size() > 0)',
  'self.texts.all(x, self.text.replace("", self.text).size() > 0)',
  'self.text.findAll("(a|b)*?c|b").size() > 1 && self.text.replace("", self.text).size() > 0',
  'self.numbers.all(x, 1 / 0 == x && self.numbers.all(y, y >= 0) || self.numbers.all(y, y >= 0))',
]

/** Texts that would keep a backtracking pattern or a big integer busy for minutes. */
const digits = '1'.repeat(200_000)
const spaces = `x${' '.repeat(200_000)}x`
const slowTexts: [rule: string, text: string, problem: string][] = [
  ['duration(self.text) > duration("1s")', digits, "type conversion error from 'string' to 'google.protobuf.Duration'"],
  ['int(self.text) == 1', digits, "type conversion error from 'string' to 'int'"],
  ['quantity(self.text).isInteger()', digits, 'quantities must match the regular expression'],
  ['self.text.trim().size() == 1', spaces, 'failed rule'],
  ['double(self.text) == 1.0', `${digits}x`, "type conversion error from 'string' to 'double'"],
]

describe('no text can hold the event loop', () => {
  for (const [rule, text, problem] of slowTexts) {
    test(rule, () => {
      const [error] = check([rule], { text })
      assert.ok(error?.startsWith(`<nil>: Invalid value: "object": ${problem}`), error?.slice(0, 200))
    })
  }
})

describe('no rule can hold the event loop', () => {
  for (const rule of hostile) {
    test(rule, () => {
      assert.deepEqual(check([rule], object), [tooCostly(rule)])
    })
  }

  test('a cost that is exceeded wins over the other side of || and ends the rules of the object', () => {
    const rule = 'true || self.text == "x"'
    assert.deepEqual(check([rule, 'self.text == "x"'], { text: 'y' }), [
      '<nil>: Invalid value: "object": failed rule: self.text == "x"',
    ])
    const costly = `${hostile[0]} || true`
    assert.deepEqual(check([costly, 'self.text == "x"'], object), [tooCostly(costly)])
    assert.deepEqual(check(['self.text != "no"', costly], object), [tooCostly(costly)])
  })

  test('all rules of an object share one budget', () => {
    const rule = 'self.numbers.map(x, x * 2).filter(x, x > 1).map(x, x + 1).all(x, x > 0)'
    const errors = check(
      Array.from({ length: 12 }, () => rule),
      object,
    )
    assert.deepEqual(errors, [
      '<nil>: Invalid value: "object": validation failed due to running out of cost budget, no further validation rules will be run',
    ])
  })

  test('the budget is of each object, not of the schema', () => {
    const rule = 'self.numbers.all(x, x >= 0)'
    for (let i = 0; i < 100; i++) assert.deepEqual(check([rule], object), [])
  })

  test('long expressions are balanced, deep and large ones refused', () => {
    const rulesOf = (rule: string) =>
      checkSchemaRules({ type: 'object', properties, 'x-kubernetes-validations': [{ rule }] }, 's').map(e => e.message)
    assert.deepEqual(rulesOf(Array.from({ length: 3000 }, (_, i) => `self.text == 't${i}'`).join(' || ')), [])
    const texts = [
      `${'('.repeat(300)}true${')'.repeat(300)}`,
      `${'1 + '.repeat(5000)}1 == 1`,
      `'${'x'.repeat(100_001)}' == ''`,
    ]
    for (const text of texts) assert.match(rulesOf(text).join(), /recursion limit|at most 100000 characters/)
  })
})

test('a CRD with too many rules is refused before they are compiled', () => {
  const rules = Array.from({ length: 6000 }, (_, i) => ({ rule: `self.text != 'x${i}'` }))
  const errors = checkSchemaRules({ type: 'object', properties, 'x-kubernetes-validations': rules }, 's')
  assert.deepEqual(
    errors.map(({ field, message }) => `${field}: ${message}`),
    ['s: Forbidden: x-kubernetes-validations may have at most 100000 characters in all'],
  )
})

test('problems are cut, and so are their lines', () => {
  const rule = Array.from({ length: 8000 }, () => 'nope').join('||')
  const [error] = checkSchemaRules({ type: 'object', properties, 'x-kubernetes-validations': [{ rule }] }, 's')
  assert.match(error?.message ?? '', /\n7\d\d\d more errors were truncated$/)
  assert.ok((error?.message.length ?? 0) < 500_000)
})

test('a rule on each of very many elements is bounded though it costs nothing', () => {
  const items = { type: 'integer', 'x-kubernetes-validations': [{ rule: 'true' }] }
  const tree = createRuleTree(createSchemaNodes()({ type: 'object', properties: { l: { type: 'array', items } } }))
  assert.ok(tree)
  const errors = checkRules(tree, { l: Array.from({ length: 300_000 }, () => 1) })
  assert.match(errors.at(-1)?.message ?? '', /running out of cost budget/)
  assert.equal(errors.length, 1)
})

test('elements of long list maps find what they were at once', () => {
  const items = { type: 'object', properties: { k: { type: 'integer' }, v: { type: 'integer' } } }
  const rules = { 'x-kubernetes-validations': [{ rule: 'self.v >= oldSelf.v' }] }
  const list = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }
  const schema = { type: 'object', properties: { l: { ...list, items: { ...items, ...rules } } } }
  const tree = createRuleTree(createSchemaNodes()(schema))
  assert.ok(tree)
  const l = Array.from({ length: 30_000 }, (_, k) => ({ k, v: 1 }))
  assert.deepEqual(checkRules(tree, { l: l.toReversed() }, { old: { l } }), [])
})

describe('members with names like those of JavaScript are only data', () => {
  for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
    test(name, () => {
      const map: JsonObject = JSON.parse(`{"${name}":"v"}`)
      assert.deepEqual(check([`self.map['${name}'] == 'v' && self.map.all(k, k == '${name}')`], { map }), [])
      const [error] = check([`self.map['${name}'] == 'v'`], { map: {} })
      assert.equal(
        error,
        `<nil>: Invalid value: "object": no such key: ${name} evaluating rule: self.map['${name}'] == 'v'`,
      )
    })
  }
})

test('a rule with oldSelf runs on changes only', () => {
  const rule = 'self.text == oldSelf.text'
  assert.deepEqual(check([rule], { text: 'a' }), [])
  assert.deepEqual(check([rule], { text: 'a' }, { text: 'b' }), [
    '<nil>: Invalid value: "object": failed rule: self.text == oldSelf.text',
  ])
})

test('a rule that does not compile refuses the object and says why', () => {
  const [error] = check(['self.nope'], { text: 'a' })
  assert.match(
    error ?? '',
    /^<nil>: Invalid value: "object": rule compile error: compilation failed: ERROR: <input>:1:5: undefined field 'nope'/,
  )
})

test('integers beyond doubles keep their value', () => {
  const numbers = JSON.parse('[1]')
  const raw = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON('9007199254740993')
  assert.deepEqual(check(['self.numbers[1] == 9007199254740993'], { numbers: [...numbers, raw] } as JsonObject), [])
})

test('what an unchanged value breaks is a warning', () => {
  const text = { type: 'string', 'x-kubernetes-validations': [{ rule: "self == 'x'", message: 'must be x' }] }
  const schema = { type: 'object', properties: { text, other: { type: 'integer' } } }
  const tree = createRuleTree(createSchemaNodes()(schema))
  assert.ok(tree)
  const warnings: string[] = []
  const warn = (warning: string) => warnings.push(warning)
  const old = { text: 'y', other: 1 }
  assert.deepEqual(checkRules(tree, { text: 'y', other: 2 }, { old, warn }), [])
  assert.deepEqual(warnings, ['text: Invalid value: "string": must be x'])
  assert.equal(checkRules(tree, { text: 'z', other: 1 }, { old, warn }).length, 1)
  assert.equal(warnings.length, 1)
})
