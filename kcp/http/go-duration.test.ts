import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeoutMsOfText } from './go-duration.ts'

test('durations are read as Go reads them', () => {
  const cases = { '30s': 30_000, '1.5s': 1500, '1h2m3ms': 3_720_003, '-2s': -2000, '0': 0, '+.5s': 500, '20µs': 0.02 }
  for (const [text, ms] of Object.entries(cases)) assert.equal(timeoutMsOfText(text), ms, text)
})

test('what is no duration is refused with the words of Go', () => {
  const cases = {
    invalid: 'invalid duration "invalid"',
    '5': 'missing unit in duration "5"',
    '1d': 'unknown unit "d" in duration "1d"',
    '-': 'invalid duration "-"',
    '1s x': 'unknown unit "s x" in duration "1s x"',
  }
  for (const [text, end] of Object.entries(cases)) {
    const message = `invalid timeout specified in the request URL - time: ${end}`
    assert.throws(() => timeoutMsOfText(text), { code: 400, reason: 'BadRequest', message })
  }
})
