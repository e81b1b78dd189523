// A handful of seeds of the simulation, and one that nobody has run before. A failed one is told again by
// `SIMULATION_SEED=<seed> npm run simulate`; thousands are run by `npm run simulate -- --seeds 1000`.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { type Run, simulate } from './simulation.ts'

const tailLines = 60
/** Short ones; of every twelfth the SyncTarget is deleted. */
const seeds = [12, 14, 21, 24, 25]

function assertWell({ seed, problems, tail }: Run): void {
  if (problems.length === 0) return
  assert.fail(`${tail(tailLines).join('\n')}\n\nSIMULATION_SEED=${seed} failed:\n  ${problems.join('\n  ')}`)
}

for (const seed of seeds) test(`seed ${seed}`, async () => assertWell(await simulate(seed)))

test('the same seed is the same story, line by line', async () => {
  const [first, second] = [await simulate(17), await simulate(17)]
  assertWell(first)
  assert.ok(first.lines > 100)
  assert.equal(second.lines, first.lines)
  assert.equal(second.fingerprint, first.fingerprint)
})

const fresh = randomInt(2 ** 31)
test(`a seed of this run: ${fresh}`, async () => assertWell(await simulate(fresh)))
