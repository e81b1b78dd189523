// Durations in URLs, as Go reads and refuses them.
import { badRequest } from '../../api/status-error.ts'

const msOfUnit: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}
const part = /^(\d+\.?\d*|\.\d+)([^\d.]*)/

/** Milliseconds. Throws 400 with the words of a request whose `timeout` is none. */
export function timeoutMsOfText(text: string): number {
  const unsigned = text.replace(/^[-+]/, '')
  const refuse = (what: string) => badRequest(`invalid timeout specified in the request URL - time: ${what}`)
  if (unsigned === '') throw refuse(`invalid duration ${JSON.stringify(text)}`)
  if (unsigned === '0') return 0
  let sum = 0
  for (let rest = unsigned; rest !== ''; ) {
    const [found = '', amount = '', unit = ''] = part.exec(rest) ?? []
    if (found === '') throw refuse(`invalid duration ${JSON.stringify(text)}`)
    if (unit === '') throw refuse(`missing unit in duration ${JSON.stringify(text)}`)
    const ms = Object.hasOwn(msOfUnit, unit) ? msOfUnit[unit] : undefined
    if (ms === undefined) throw refuse(`unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`)
    sum += Number(amount) * ms
    rest = rest.slice(found.length)
  }
  return text.startsWith('-') ? -sum : sum
}
