// Keeps V8's young generation small. A short burst would let it grow to some 100 MB, which are hardly ever given back;
// at once is too early, since the size it starts with costs a third of the CPU time.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const bytesMin = 8 * 1024 * 1024
const lookMs = 20

/** Lets it grow to a useful size, then no further. Never keeps the process alive. */
export function boundYoungGeneration(): void {
  const timer = setInterval(() => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    if (!space || space.space_size < bytesMin) return
    clearInterval(timer)
    setFlagsFromString('--semi-space-growth-factor=1')
  }, lookMs)
  timer.unref()
}
