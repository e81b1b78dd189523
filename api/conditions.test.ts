import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  falseCondition,
  removeCondition,
  setCondition,
  setSummary,
  trueCondition,
  unknownCondition,
} from './conditions.ts'
import type { Condition } from './objects.ts'

const early = new Date('2026-11-21T10:00:00.700Z')
const late = new Date('2026-11-21T11:00:00.700Z')
const missing = falseCondition('HeartbeatHealthy', {
  reason: 'ErrorHeartbeat',
  severity: 'Warning',
  message: 'No heartbeat yet seen',
})

test('Ready comes first, the others by type, and times have whole seconds', () => {
  let list: Condition[] = []
  for (const type of ['b', 'Ready', 'a']) list = setCondition(list, trueCondition(type), early)
  assert.deepEqual(
    list.map(({ type }) => type),
    ['Ready', 'a', 'b'],
  )
  assert.equal(list[0]?.lastTransitionTime, '2026-11-21T10:00:00Z')
})

test('the time moves only with status, reason, severity or message', () => {
  const list = setCondition(undefined, missing, early)
  assert.equal(setCondition(list, missing, late), list)
  const changed = setCondition(list, { ...missing, message: 'other' }, late)
  assert.deepEqual(changed, [{ ...missing, message: 'other', lastTransitionTime: '2026-11-21T11:00:00Z' }])
  assert.equal(list[0]?.message, 'No heartbeat yet seen')
})

test('removing what is absent returns the same list', () => {
  const list = setCondition(undefined, missing, early)
  assert.equal(removeCondition(list, 'Ready'), list)
  assert.deepEqual(removeCondition(list, 'HeartbeatHealthy'), [])
})

const summaries: {
  name: string
  types?: string[]
  states: Parameters<typeof setCondition>[1][]
  want: object | undefined
}[] = [
  { name: 'nothing known: no Ready', states: [], want: undefined },
  { name: 'types that do not exist: no Ready', types: ['x'], states: [missing], want: undefined },
  {
    name: 'all true: Ready without reason',
    states: [trueCondition('a'), { type: 'b', status: 'True', reason: 'Fine' }],
    want: { type: 'Ready', status: 'True' },
  },
  {
    name: 'copies reason, severity and message',
    states: [trueCondition('a'), missing],
    want: { ...missing, type: 'Ready' },
  },
  {
    name: 'an error hides a warning',
    states: [missing, falseCondition('z', { reason: 'Bad', severity: 'Error', message: '' })],
    want: { type: 'Ready', status: 'False', severity: 'Error', reason: 'Bad' },
  },
  {
    name: 'unknown alone is unknown',
    states: [unknownCondition('a', 'Why', 'text')],
    want: { type: 'Ready', status: 'Unknown', reason: 'Why', message: 'text' },
  },
  {
    name: 'only the types asked for count',
    types: ['a'],
    states: [trueCondition('a'), missing],
    want: { type: 'Ready', status: 'True' },
  },
]
for (const { name, types, states, want } of summaries) {
  test(`summary: ${name}`, () => {
    const list = states.reduce<Condition[]>((all, state) => setCondition(all, state, early), [])
    const ready = setSummary(list, { now: late, ...(types && { types }) }).find(({ type }) => type === 'Ready')
    assert.deepEqual(ready, want && { ...want, lastTransitionTime: '2026-11-21T11:00:00Z' })
  })
}
