// `-` as people type it for "the previous workspace" and "standard output". yargs would take it for a flag without a
// name, so it is spelled as the value it is. Pure.

const fileFlags = new Set(['-o', '--output-file'])

export function spellLoneDashes(argv: readonly string[]): string[] {
  return argv.flatMap((arg, index) => {
    const before = argv[index - 1] ?? ''
    if (arg === '-') return fileFlags.has(before) ? [] : ['--name=-']
    return fileFlags.has(arg) && argv[index + 1] === '-' ? [`${arg}=-`] : [arg]
  })
}
