// The log of pcluster: one line an event, text for people or JSON for machines.
import pino from 'pino'
import type { Log } from '../api-client/log.ts'

export function createLog(options: { format: 'text' | 'json'; verbosity: number }, output: NodeJS.WritableStream): Log {
  const write =
    options.format === 'json' ? (line: string) => output.write(line) : (line: string) => output.write(textOf(line))
  const level = options.verbosity >= 4 ? 'debug' : 'info'
  return pino(
    { base: null, level, formatters: { level: label => ({ level: label }) }, timestamp: pino.stdTimeFunctions.isoTime },
    { write },
  )
}

function textOf(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const facts = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${[time, String(level).toUpperCase().padEnd(5), msg, ...facts].join(' ')}\n`
}
