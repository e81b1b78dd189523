// Go's texts of durations, such as 1h0m30.5s, in nanoseconds.

const nanosecondsOf: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }

/** 0 for what is no duration. */
export function durationNanoseconds(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  let sum = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(amount) * (nanosecondsOf[unit] ?? 0)
  }
  return sign * Math.round(sum)
}
