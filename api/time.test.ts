import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAge, formatAgeSince, formatMicroTime, formatTime, parseTime } from './time.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const ages: [durationMs: number, want: string][] = [
  [-5 * second, '<invalid>'],
  [-1 * second, '0s'],
  [0, '0s'],
  [3.9 * second, '3s'],
  [119 * second, '119s'],
  [120 * second, '2m'],
  [5 * minute + 12 * second, '5m12s'],
  [10 * minute + 12 * second, '10m'],
  [179 * minute, '179m'],
  [3 * hour, '3h'],
  [7 * hour + 59 * minute, '7h59m'],
  [8 * hour + 59 * minute, '8h'],
  [47 * hour, '47h'],
  [2 * day, '2d'],
  [2 * day + 3 * hour + minute, '2d3h'],
  [8 * day + 3 * hour, '8d'],
  [729 * day, '729d'],
  [2 * 365 * day, '2y'],
  [3 * 365 * day + 12 * day, '3y12d'],
  [8 * 365 * day + 12 * day, '8y'],
]
for (const [durationMs, want] of ages) {
  test(`age of ${durationMs} ms is ${want}`, () => assert.equal(formatAge(durationMs), want))
}

test('times have whole seconds and UTC', () => {
  const time = new Date('2026-11-21T10:55:09.987Z')
  assert.equal(formatTime(time), '2026-11-21T10:55:09Z')
  assert.equal(formatMicroTime(time), '2026-11-21T10:55:09.987000Z')
  assert.equal(parseTime('2026-11-21T11:55:09.987+01:00')?.getTime(), time.getTime())
  assert.equal(parseTime('yesterday'), undefined)
  assert.equal(parseTime('2026-11-21'), undefined)
})

test('age of an object without creation time is unknown', () => {
  const now = new Date('2026-11-21T10:55:09Z')
  assert.equal(formatAgeSince(null, now), '<unknown>')
  assert.equal(formatAgeSince('2026-11-21T10:54:09Z', now), '60s')
})
