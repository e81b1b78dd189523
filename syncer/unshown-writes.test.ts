import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualClock } from '../api-client/manual-clock.ts'
import { createUnshownWrites } from './unshown-writes.ts'

const record = (resourceVersion: string) => ({ resourceVersion })

function stage() {
  const clock = createManualClock()
  const givenUp: string[] = []
  const writes = createUnshownWrites<{ resourceVersion: string }>(clock, (key, { resourceVersion }) =>
    givenUp.push(`${key} ${resourceVersion}`),
  )
  return { clock, givenUp, writes }
}

const shown: { name: string; version: string | undefined; want: boolean }[] = [
  { name: 'an older version says nothing', version: '9', want: false },
  { name: 'the write itself', version: '10', want: true },
  { name: 'a newer version', version: '11', want: true },
  { name: 'nothing in a list', version: undefined, want: true },
]
for (const { name, version, want } of shown) {
  test(`shown: ${name}`, () => {
    const { writes, clock, givenUp } = stage()
    writes.set('a', record('10'))
    assert.equal(writes.shown('a', version), want)
    assert.equal(writes.get('a') === undefined, want)
    clock.advance(60_000)
    assert.deepEqual(givenUp, want ? [] : ['a 10'])
  })
}

test('after the end writes are still believed, and nothing is given up', () => {
  const { writes, clock, givenUp } = stage()
  writes.set('a', record('1'))
  writes.close()
  writes.set('b', record('2'))
  clock.advance(60_000)
  assert.deepEqual([writes.get('a'), writes.get('b')], [record('1'), record('2')])
  assert.deepEqual(givenUp, [])
})
