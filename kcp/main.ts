// The program `kcp`: argv to exit code.

import { describeFlags, UsageError } from './flags.ts'
import { createLogSource } from './log.ts'
import { parseStartOptions } from './options.ts'
import { startFlags } from './start-flags.ts'
import { gitVersion } from './version.ts'

const stopMsMax = 5000

const usage = `kcp is a Kubernetes-like control plane with workspaces.

Usage:
  kcp start [flags]      Start the server
  kcp start options      Print every flag of start
  kcp --version          Print the version
`

const startUsage = `Start the server and keep everything it needs in one directory.

Usage:
  kcp start [flags]

${describeFlags(startFlags, { prominentOnly: true })}
Use "kcp start options" for a list of all flags.
`

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args
  if (command === '--version' || command === 'version') return print(`kcp version ${gitVersion}\n`)
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') return print(usage)
  if (command.startsWith('-')) throw new UsageError(`unknown flag: ${command.split('=')[0]}`)
  if (command !== 'start') throw new UsageError(`unknown command "${command}" for "kcp"`)
  if (rest[0] === 'options') return print(describeFlags(startFlags, { prominentOnly: false }))
  if (rest.includes('--help') || rest.includes('-h')) return print(startUsage)
  return start(rest)
}

async function start(args: readonly string[]): Promise<number> {
  const options = parseStartOptions(args, { workingDirectory: process.cwd(), environment: process.env })
  const logs = createLogSource(options.logging, process.stderr)
  const log = logs.part('server')
  const signalled = Promise.withResolvers<void>()
  let signals = 0
  const onSignal = (): void => {
    if (++signals > 1) process.exit(1)
    signalled.resolve()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  const { startKcp } = await import('./server.ts')
  const running = await startKcp(options, { logs })
  const ready = running.ready.then(() => {
    log.info({ url: running.url }, 'ready')
    // Starting leaves more garbage than it keeps, and a server at rest would hold on to it; bin/kcp exposes the collector.
    globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'async' })
  })
  try {
    // A start that fails ends the program as a signal does, and so does a disk that fails.
    await Promise.race([signalled.promise, ready.then(() => signalled.promise), running.failed])
  } catch (error) {
    log.error({ err: error }, 'this server cannot go on')
    throw error
  } finally {
    log.info({}, 'stopping')
    const deadline = setTimeout(() => {
      log.warn({}, 'requests did not end in time')
      process.exit(1)
    }, stopMsMax)
    await running[Symbol.asyncDispose]()
    clearTimeout(deadline)
  }
  return 0
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
