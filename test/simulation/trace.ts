// What happened in a run, line by line, and one fingerprint of all of it: two runs of a seed must have the same.
import { createHash } from 'node:crypto'
import type { Log } from '../../api-client/log.ts'

export interface Trace {
  tell(who: string, text: string): void
  /** The last lines. */
  tail(lines: number): string[]
  fingerprint(): string
  readonly length: number
  /** What an agent or server says, as lines. */
  log(who: string): Log
}

const linesKeptMax = 20_000

export function createTrace(now: () => number, startedAtMs: number): Trace {
  const hash = createHash('sha1')
  let lines: string[] = []
  let length = 0
  const tell = (who: string, text: string) => {
    const seconds = ((now() - startedAtMs) / 1000).toFixed(3)
    const line = `${seconds.padStart(9)} ${who.padEnd(9)} ${text}`
    hash.update(line)
    lines.push(line)
    length++
    if (lines.length > linesKeptMax) lines = lines.slice(-linesKeptMax / 2)
  }
  const say = (who: string, level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    const facts = Object.entries(fields).map(([name, value]) => `${name}=${textOf(value)}`)
    tell(who, `${level}${message} ${facts.join(' ')}`)
  }
  return {
    tell,
    tail: count => (count === 0 ? [] : lines.slice(-count)),
    fingerprint: () => hash.copy().digest('hex'),
    get length() {
      return length
    },
    log: who => ({
      debug: say(who, ''),
      info: say(who, ''),
      warn: say(who, 'WARN '),
      error: say(who, 'ERROR '),
    }),
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value instanceof Error ? value.message : String(JSON.stringify(value))
}
