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

function textOf(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `${[time, String(level).toUpperCase().padEnd(5), JSON.stringify(msg), ...facts].join(' ')}\n`
}
