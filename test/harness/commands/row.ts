// The language of the command tables: what somebody types, what they must see, and what the server then holds.

/** `[command, output]`: output and errors together match; a row without a code ends with 0. Rows run in order. */
export type CommandRow = readonly [command: string, want: RegExp, more?: RowDetails]

export interface RowDetails {
  readonly code?: number
  /** Minor versions of kubectl that know the command, or say this text; the others pass the row by. */
  readonly since?: number
  readonly until?: number
  /** What the server holds afterwards: 'configmaps/name .path.of.a.field' → its value; `undefined`: there is no such. */
  readonly state?: Readonly<Record<string, unknown>>
  /** The command stays: when its output has a match, the other runs; the row waits for `want`, then ends the command. */
  readonly meanwhile?: readonly [shown: RegExp, command: string]
}

export function isForGeneration(row: CommandRow, minor: number): boolean {
  const { since = 0, until = Number.POSITIVE_INFINITY } = row[2] ?? {}
  return since <= minor && minor <= until
}

/** A shell command that edits with sed what `kubectl edit` opens. */
export function edit(script: string, what: string): string {
  return `EDITOR=./edit.sh EDIT='${script}' kubectl edit ${what}`
}
