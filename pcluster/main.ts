// The program `pcluster`: argv to exit code.
import { createLog } from './log.ts'
import { parseOptions } from './options.ts'
import { clusterVersion } from './version.ts'

const stopMsMax = 5_000

async function main(argv: readonly string[]): Promise<number> {
  const options = await parseOptions(argv, `pcluster version ${clusterVersion.gitVersion}`)
  if (!options) return 0
  const stop = new AbortController()
  const onSignal = () => (stop.signal.aborted ? process.exit(1) : stop.abort())
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const log = createLog({ format: options.logFormat, verbosity: options.verbosity }, process.stderr)
  const { startPcluster } = await import('./pcluster.ts')
  const running = await startPcluster(options, log)
  log.info(
    { url: running.url, kubeconfig: running.kubeconfigPath },
    'simulated cluster is ready: it runs no containers',
  )
  const stopped = new Promise<void>(resolve =>
    stop.signal.aborted ? resolve() : stop.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  try {
    await Promise.race([stopped, running.failed])
  } finally {
    const deadline = setTimeout(() => process.exit(1), stopMsMax)
    await running[Symbol.asyncDispose]()
    clearTimeout(deadline)
  }
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`Error: ${message}\n`)
  process.exitCode = 1
}
