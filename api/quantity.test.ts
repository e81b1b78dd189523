import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareQuantities, formatQuantity, parseQuantity, roundUpQuantity } from './quantity.ts'

const parsed = (text: string) => {
  const quantity = parseQuantity(text)
  assert.ok(typeof quantity !== 'string', text)
  return quantity
}

// As a ResourceQuota of kube-apiserver 1.31 shows them, which rounds up to thousandths.
for (const [text, shown] of [
  ['1', '1'],
  ['10', '10'],
  ['1000m', '1'],
  ['1.5', '1500m'],
  ['1.50', '1500m'],
  ['0.5', '500m'],
  ['500m', '500m'],
  ['100m', '100m'],
  ['.5', '500m'],
  ['5.', '5.'],
  ['1e3', '1e3'],
  ['1E3', '1E3'],
  ['1e-3', '1e-3'],
  ['12e6', '12e6'],
  ['1e2', '100'],
  ['1Ki', '1Ki'],
  ['1024Ki', '1Mi'],
  ['1.5Gi', '1536Mi'],
  ['0.5Gi', '512Mi'],
  ['0.3Ki', '307200m'],
  ['1000Ki', '1000Ki'],
  ['2048', '2048'],
  ['1k', '1k'],
  ['1000k', '1M'],
  ['1500k', '1500k'],
  ['1M', '1M'],
  ['1000M', '1G'],
  ['1n', '1m'],
  ['1u', '1m'],
  ['1000u', '1m'],
  ['1000000n', '1m'],
  ['+1', '+1'],
  ['-1', '-1'],
  ['-1.5', '-1500m'],
  ['0', '0'],
  ['0.0', '0'],
  ['00', '0'],
  ['007', '007'],
  ['0m', '0'],
  ['0Ki', '0'],
  ['-0', '0'],
  ['1.0001', '1001m'],
  ['1.00001m', '2m'],
  ['0.0001', '1m'],
  ['1Ei', '1Ei'],
  ['8Ei', '9223372036854775807'],
  ['9223372036854775807', '9223372036854775807'],
  ['9223372036854775808', '9223372036854775808'],
  ['1E', '1E'],
  ['10E', '10E'],
  ['1e19', '10e18'],
  ['100000000000000000000', '100E'],
  ['123456789012345678', '123456789012345678'],
  ['1234567890123456789', '1234567890123456789'],
  ['0.123456789123', '124m'],
  ['3Mi', '3Mi'],
  ['1536Mi', '1536Mi'],
  ['1.25Ki', '1280'],
  ['0.1Ki', '102400m'],
  ['1.1Mi', '1153433600m'],
  ['128974848', '128974848'],
  ['129e6', '129e6'],
  ['129M', '129M'],
  ['123Mi', '123Mi'],
  ['1e0', '1e0'],
  ['1e1', '10'],
  ['10e1', '100'],
  ['100e1', '1e3'],
  ['1000e0', '1e3'],
  ['1e4', '10e3'],
  ['15e2', '1500'],
  ['1.5e3', '1500'],
  ['2e-1', '200e-3'],
  ['m', '0'],
] as const) {
  test(`${text} is shown as ${shown}`, () => assert.equal(formatQuantity(roundUpQuantity(parsed(text), -3)), shown))
}

for (const [text, problem] of [
  ['', 'quantities must match'],
  ['1x', 'quantities must match'],
  ['1 Gi', 'quantities must match'],
  ['1.2.3', 'quantities must match'],
  ['abc', 'quantities must match'],
  ['1KI', 'quantities must match'],
  ['1ki', 'unable to parse'],
  ['--1', 'unable to parse'],
  ['1e', 'unable to parse'],
  ['1'.repeat(1001), 'quantities must match'],
  ['1e1000', 'unable to parse'],
  ['1constructor', 'quantities must match'],
] as const) {
  test(`${JSON.stringify(text.slice(0, 20))} is no quantity`, () =>
    assert.match(String(parseQuantity(text)), new RegExp(`^${problem}`)))
}

for (const [a, b, order] of [
  ['1000m', '1', 0],
  ['1.5Gi', '1536Mi', 0],
  ['1e3', '1k', 0],
  ['0', '-0', 0],
  ['999m', '1', -1],
  ['9007199254740993', '9007199254740992', 1],
  ['-2', '1n', -1],
  ['1e999', '1', 1],
] as const) {
  test(`${a} compared with ${b} is ${order}`, () => assert.equal(compareQuantities(parsed(a), parsed(b)), order))
}

test('a text is kept as it is when nothing is rounded', () => assert.equal(formatQuantity(parsed('1500000n')), '1500u'))
