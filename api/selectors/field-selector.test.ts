import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkFields,
  exactFieldValue,
  formatFieldSelector,
  matchesFields,
  parseFieldSelector,
} from './field-selector.ts'

const fields: Record<string, string> = { 'metadata.name': 'x', 'status.phase': 'Running', note: 'a,b=c' }
const cases: [text: string, match: boolean, written: string][] = [
  ['', true, ''],
  ['metadata.name=x', true, 'metadata.name=x'],
  ['metadata.name==y', false, 'metadata.name=y'],
  ['status.phase!=Running', false, 'status.phase!=Running'],
  ['status.phase=Running,metadata.name=x', true, 'metadata.name=x,status.phase=Running'],
  ['absent=', true, 'absent='],
  ['note=a\\,b\\=c', true, 'note=a\\,b\\=c'],
]
for (const [text, match, written] of cases) {
  test(`'${text}'`, () => {
    const selector = parseFieldSelector(text)
    assert.equal(
      matchesFields(selector, field => fields[field]),
      match,
    )
    assert.equal(formatFieldSelector(selector), written)
  })
}

const errors: [text: string, want: string][] = [
  ['a', "invalid selector: 'a'; can't understand 'a'"],
  ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
  ['a=\\x', 'invalid field selector: invalid escape sequence: \\x'],
  ['a=\\', 'invalid field selector: invalid escape sequence: \\'],
]
for (const [text, want] of errors) {
  test(`'${text}' is refused`, () => assert.throws(() => parseFieldSelector(text), { message: want, code: 400 }))
}

test('unknown fields are refused in the words of the kind', () => {
  const selector = parseFieldSelector('foo=1')
  assert.throws(() => checkFields(selector, () => false, 'common'), {
    message: '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
  })
  assert.throws(() => checkFields(selector, () => false, 'own'), { message: 'field label not supported: foo' })
  checkFields(selector, () => true, 'common')
  assert.equal(exactFieldValue(parseFieldSelector('metadata.name=a'), 'metadata.name'), 'a')
  assert.equal(exactFieldValue(parseFieldSelector('metadata.name!=a'), 'metadata.name'), undefined)
})
