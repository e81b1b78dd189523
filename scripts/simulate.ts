// Runs many seeds of the simulation: `npm run simulate -- --seeds 1000 [--from 1] [--until-failure]
// [--minutes 10]`. A failed seed is told
// with the end of its story; `SIMULATION_SEED=n npm run simulate` tells one story whole.
import { type Run, simulate } from '../test/simulation/simulation.ts'

const tailLines = 80

function flag(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}

function report({ seed, problems, tail }: Run, lines: number): void {
  console.log(tail(lines).join('\n'))
  console.log(`\nseed ${seed} failed:\n  ${problems.join('\n  ')}`)
}

async function main(): Promise<number> {
  const one = process.env.SIMULATION_SEED
  if (one !== undefined) {
    const run = await simulate(Number(one))
    report(run, Number.POSITIVE_INFINITY)
    console.log(`fingerprint ${run.fingerprint}`)
    return run.problems.length === 0 ? 0 : 1
  }
  const [first, count] = [flag('from', 1), flag('seeds', 100)]
  const endMs = performance.now() + flag('minutes', Number.POSITIVE_INFINITY) * 60_000
  const failed: number[] = []
  let done = 0
  for (let seed = first; seed < first + count && performance.now() < endMs; seed++) {
    const run = await simulate(seed)
    done += 1
    if (run.problems.length === 0) continue
    failed.push(seed)
    report(run, flag('tail', tailLines))
    if (process.argv.includes('--until-failure')) break
  }
  console.log(`${done} seeds from ${first}: ${failed.length === 0 ? 'all well' : `failed: ${failed.join(' ')}`}`)
  return failed.length === 0 ? 0 : 1
}

process.exit(await main())
