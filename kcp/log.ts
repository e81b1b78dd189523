// What the server says, one line an event: text for people, JSON for machines. Secrets never get into it. Debug messages
// of a part come with KCP_DEBUG=<part>,…; of all parts with -v 4.
import pino, { type DestinationStream } from 'pino'
import type { Log } from '../api-client/log.ts'
import type { LoggingOptions } from './options.ts'

export interface LogSource {
  /** The log of one part of the server, such as http or storage. */
  part(name: string): Log
}

const debugVerbosityMin = 4
const secretMembers = ['token', 'authorization', 'password', 'privateKey', 'key', 'data', 'stringData']
const redactedPaths = secretMembers.flatMap(name => [name, `*.${name}`, `headers.${name}`])

export function createLogSource(options: LoggingOptions, output: NodeJS.WritableStream): LogSource {
  const stream: DestinationStream =
    options.format === 'json' ? { write: line => output.write(line) } : { write: line => output.write(textOf(line)) }
  const settings = {
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redactedPaths, censor: '<redacted>' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: (error: unknown) => errorFields(error) },
  }
  const root = pino({ ...settings, level: 'debug' }, stream)
  return {
    part(name) {
      const verbose = options.verbosity >= debugVerbosityMin || options.debugParts.includes(name)
      return root.child({ part: name }, { level: verbose ? 'debug' : 'info' })
    },
  }
}

/** Stacks are for bugs: an expected failure says what happened and why. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const cause = error.cause === undefined ? {} : { cause: errorFields(error.cause) }
  const bug = error instanceof TypeError || error instanceof RangeError || error.name === 'AssertionError'
  return { message: error.message, ...cause, ...(bug && error.stack ? { stack: error.stack } : {}) }
}

function textOf(line: string): string {
  const { level, time, part, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`)
  return [time, String(level).toUpperCase().padEnd(5), `${part}:`, msg, ...facts].join(' ').concat('\n')
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return /^[\w.:/@*-]+$/.test(value) ? value : JSON.stringify(value)
  return JSON.stringify(value)
}
