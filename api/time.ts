// Times on the wire and on the terminal: RFC 3339 with whole seconds, and durations as kubectl prints AGE.
// Leaves out: reading the clock; callers pass times in.

/** `2026-11-21T10:55:09Z`: metav1.Time, UTC with second precision. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}

/** `2026-11-21T10:55:09.123000Z`: metav1.MicroTime, as Leases carry it. */
export function formatMicroTime(time: Date): string {
  return `${time.toISOString().slice(0, 23)}000Z`
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** The time an RFC 3339 text stands for; undefined when it is none. */
export function parseTime(text: string): Date | undefined {
  if (!rfc3339.test(text)) return undefined
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time
}

const secondsInMinute = 60
const secondsInHour = 3600
const secondsInDay = 86_400
const secondsInYear = 365 * secondsInDay

/** Two units at most, the second one only while it matters: `3s`, `5m12s`, `47h`, `2d3h`, `3y12d`. */
export function formatAge(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 2 * secondsInMinute) return `${seconds}s`
  if (seconds < 10 * secondsInMinute) return twoUnits(seconds, [secondsInMinute, 'm'], [1, 's'])
  if (seconds < 3 * secondsInHour) return `${Math.floor(seconds / secondsInMinute)}m`
  if (seconds < 8 * secondsInHour) return twoUnits(seconds, [secondsInHour, 'h'], [secondsInMinute, 'm'])
  if (seconds < 2 * secondsInDay) return `${Math.floor(seconds / secondsInHour)}h`
  if (seconds < 8 * secondsInDay) return twoUnits(seconds, [secondsInDay, 'd'], [secondsInHour, 'h'])
  if (seconds < 2 * secondsInYear) return `${Math.floor(seconds / secondsInDay)}d`
  if (seconds < 8 * secondsInYear) return twoUnits(seconds, [secondsInYear, 'y'], [secondsInDay, 'd'])
  return `${Math.floor(seconds / secondsInYear)}y`
}

/** AGE of an object: `<unknown>` without a creation time. */
export function formatAgeSince(timestamp: string | null | undefined, now: Date): string {
  const time = timestamp ? parseTime(timestamp) : undefined
  return time === undefined ? '<unknown>' : formatAge(now.getTime() - time.getTime())
}

type Unit = readonly [seconds: number, sign: string]

function twoUnits(seconds: number, [big, bigSign]: Unit, [small, smallSign]: Unit): string {
  const rest = Math.floor((seconds % big) / small)
  return `${Math.floor(seconds / big)}${bigSign}${rest === 0 ? '' : `${rest}${smallSign}`}`
}
