// From argv to exit code. SIGTERM ends the syncer in order; a second one at once. Nothing is deleted on the way out.
import { errorText } from '../api-client/log.ts'
import { createLog } from './log.ts'
import { boundMemory } from './memory-bounds.ts'
import { parseOptions } from './options.ts'
import { runSyncer } from './syncer.ts'

const stopMsMax = 5000

async function main(): Promise<number> {
  const options = await parseOptions(process.argv.slice(2), process.env)
  if (!options) return 0
  boundMemory()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(1)
      stop.abort()
      // A server that does not answer must not hold us; nothing is half done that the next start would not find.
      setTimeout(() => process.exit(0), stopMsMax).unref()
    })
  }
  await runSyncer(options, { log: createLog(options.logging, process.stderr), signal: stop.signal })
  return 0
}

main().then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(`"command failed" err=${JSON.stringify(errorText(error))}`)
    process.exit(1)
  },
)
