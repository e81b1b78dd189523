// How figures are printed and condensed.

export function printRow(row: Record<string, string | number>): void {
  const cells = Object.entries(row).map(([name, cell]) => `${name} ${typeof cell === 'number' ? round(cell) : cell}`)
  console.log(`  ${cells.join(' · ')}`)
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
