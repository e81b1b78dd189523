// How figures are printed and condensed.

/** A row of a table in Markdown, to be copied as it is. The first entry says what was measured. */
export function printRow(row: Record<string, string | number>): void {
  const texts = Object.entries(row).map(
    ([name, cell]) => [name, typeof cell === 'number' ? round(cell) : cell] as const,
  )
  const [[what, first] = ['', ''], ...others] = texts
  const cells = [first, ...others.map(([name, cell]) => `${name} ${cell}`.trim())].filter(cell => cell !== '')
  console.log(`| ${what} | ${cells.join(' · ')} |`)
}

export function printTitle(title: string): void {
  console.log(`\n### ${title}\n| what | measured |\n|---|---|`)
}

function round(number: number): string {
  return number >= 100 || Number.isInteger(number) ? Math.round(number).toLocaleString('en') : number.toFixed(1)
}

export function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0
}

/** p50 and p99, for a row. */
export function spread(latenciesMs: readonly number[]): { 'p50 ms': number; 'p99 ms': number } {
  return { 'p50 ms': quantile(latenciesMs, 0.5), 'p99 ms': quantile(latenciesMs, 0.99) }
}
