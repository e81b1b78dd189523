// Keeps V8 from holding memory for garbage. By itself the heap may grow to several times of what is kept, and a short
// burst lets the young generation grow to some 100 MB; both are hardly ever given back.
import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What may be allocated between two collections, in percent of what is kept. */
const heapGrowingPercent = 30
/** At once is too early: the size the young generation starts with costs a third of the CPU time. */
const youngBytesMin = 8 * 1024 * 1024
const quietMs = 2_000
/** Less CPU time than this part of the interval is quiet. */
const quietPart = 0.05
/** More memory than after the last collection at rest is worth another one. */
const slackBytesMax = 8 * 1024 * 1024

/** Never keeps the process alive. */
export function boundMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`)
  boundYoungGeneration()
  collectWhenQuiet(letYoungGenerationGrow)
}

function letYoungGenerationGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
}

/** It grows in collections only, so that is when to look. */
function boundYoungGeneration(): void {
  const observer = new PerformanceObserver(() => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    if (space && space.space_size >= youngBytesMin) setFlagsFromString('--semi-space-growth-factor=1')
  })
  observer.observe({ entryTypes: ['gc'] })
}

type Collect = (options: { type: 'major'; flavor: 'last-resort'; execution: 'async' }) => Promise<void>

/** After a start or a burst, when nobody waits: what is left is given back to the machine. The young generation starts anew. */
function collectWhenQuiet(collected: () => void): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  let usage = process.cpuUsage()
  let keptBytes = 0
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(usage)
    usage = process.cpuUsage()
    const isQuiet = (user + system) / 1000 < quietMs * quietPart
    const bytes = getHeapStatistics().total_physical_size
    keptBytes = Math.min(keptBytes, bytes)
    if (!isQuiet || bytes - keptBytes < slackBytesMax) return
    keptBytes = bytes
    void collect({ type: 'major', flavor: 'last-resort', execution: 'async' }).then(() => {
      keptBytes = getHeapStatistics().total_physical_size
      collected()
    })
  }, quietMs)
  timer.unref()
}
