// What the syncer says, one line an event: text for people, JSON for machines. Never bodies, tokens or secrets.
import pino from 'pino'
import type { Log } from '../api-client/log.ts'

export interface LoggingOptions {
  readonly format: 'text' | 'json'
  /** 4 and more: debug messages. */
  readonly verbosity: number
}

const debugVerbosityMin = 4

export function createLog(options: LoggingOptions, output: NodeJS.WritableStream): Log {
  const write = (line: string) => output.write(options.format === 'json' ? line : textOf(line))
  return pino(
    {
      base: null,
      level: options.verbosity >= debugVerbosityMin ? 'debug' : 'info',
      formatters: { level: label => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    { write },
  )
}

const toldLimit = 1000

/** For parts that fail together when a server is away: the same problem is told once, until one of them works again. */
export function withoutEchoes(log: Log): Log {
  const told = new Set<unknown>()
  return {
    debug: (fields, message) => log.debug(fields, message),
    error: (fields, message) => log.error(fields, message),
    info(fields, message) {
      told.clear()
      log.info(fields, message)
    },
    warn(fields, message) {
      if (told.has(fields.error)) return log.debug(fields, message)
      if (told.size >= toldLimit) told.clear()
      told.add(fields.error)
      log.warn(fields, message)
    },
  }
}

function textOf(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `${[time, String(level).toUpperCase().padEnd(5), JSON.stringify(msg), ...facts].join(' ')}\n`
}
