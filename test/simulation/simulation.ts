// One run of a seed: some minutes in which users, other people and faults do what chance says, then peace, then the
// verdict. Everything follows from the seed; the fingerprint of the trace tells whether two runs were the same.
import { createFaults } from './faults.ts'
import { createForeigners } from './foreigners.ts'
import { createUsers } from './users.ts'
import { verdict } from './verdict.ts'
import { createWatchman, silenceMsMax, type Watchman } from './watchman.ts'
import { type Beginning, createBeginning, createWorld, type World } from './world.ts'

export interface Run {
  readonly seed: number
  readonly problems: readonly string[]
  readonly fingerprint: string
  readonly lines: number
  /** The last lines of what happened. */
  tail(lines: number): string[]
}

let beginning: Promise<Beginning> | undefined

const chaosMsMin = 60_000
const chaosMsMax = 600_000
const quietMs = 5 * 60_000
/** Watched after the SyncTarget is gone. */
const abandonedMs = 60_000
const peaceMsMax = 60 * 60_000
/** One seed of so many loses its SyncTarget. */
const targetlessSeeds = 12

export async function simulate(seed: number): Promise<Run> {
  beginning ??= createBeginning()
  let watchman: Watchman | undefined
  const world = await createWorld({
    seed,
    beginning: await beginning,
    observe: () => exchange => watchman?.observe(exchange) ?? Promise.resolve(undefined),
  })
  watchman = createWatchman(world)
  watchman.follow()
  const problems = await runIn(world, watchman, seed).catch((error: unknown) => [
    `the simulation broke: ${error instanceof Error ? error.stack : error}`,
  ])
  world.stop()
  const { trace } = world
  return {
    seed,
    problems: [...watchman.violations, ...problems],
    fingerprint: trace.fingerprint(),
    lines: trace.length,
    tail: trace.tail,
  }
}

async function runIn(world: World, watchman: Watchman, seed: number): Promise<string[]> {
  const { timeline, finish } = world
  const chance = world.chance.stream('course')
  const users = createUsers(world)
  const foreigners = createForeigners(world)
  const faults = createFaults(world)
  const endMs = timeline.now() + chance.between(chaosMsMin, chaosMsMax)
  const keepActing = (act: () => void, everyMs: number) =>
    timeline.after(chance.between(1, 2 * everyMs), () => {
      if (faults.isOver) return
      act()
      keepActing(act, everyMs)
    })
  keepActing(users.act, chance.pick([500, 2000, 8000]))
  keepActing(foreigners.act, chance.pick([2000, 10_000]))
  if (chance.happens(0.9)) keepActing(faults.act, chance.pick([5000, 20_000]))
  const isTargetGone = seed % targetlessSeeds === 0
  if (isTargetGone) timeline.after(chance.between(0, chaosMsMin), () => void users.deleteSyncTarget())
  await finish(world.startAgent())
  while (timeline.now() < endMs && watchman.violations.length === 0) await timeline.step()
  if (watchman.violations.length > 0) return []
  await finish(faults.end())
  await finish(users.letGo())
  await finish(foreigners.letGo())
  world.trace.tell('', '---------------- peace')
  if (!(await becomesQuiet(world, watchman))) return ['the agent does not stop writing']
  if (isTargetGone) {
    // Without a SyncTarget nothing may be written, so nothing is put back either.
    const { writes } = watchman
    await finish(foreigners.changeAll())
    for (const untilMs = timeline.now() + abandonedMs; timeline.now() < untilMs; ) await timeline.step()
    if (watchman.writes !== writes) return ['the agent writes though its SyncTarget is gone']
  }
  return finish(verdict(world, { users, foreigners, isTargetGone }))
}

/** True after a time in which nothing was written; the agent is started should it have been on its way out. */
async function becomesQuiet(world: World, watchman: Watchman): Promise<boolean> {
  const { timeline } = world
  const startedAtMs = timeline.now()
  let quietSinceMs = startedAtMs
  let { writes } = watchman
  while (timeline.now() - quietSinceMs < quietMs || timeline.now() - startedAtMs < silenceMsMax) {
    if (timeline.now() - startedAtMs > peaceMsMax) return false
    if (watchman.violations.length > 0) return true
    if (!world.agent?.isAlive) await world.startAgent()
    await timeline.step()
    if (watchman.writes !== writes) quietSinceMs = timeline.now()
    writes = watchman.writes
  }
  return true
}
