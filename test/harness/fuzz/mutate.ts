// Values, texts and paths that are almost right, chosen by a seeded random number generator.

export type Random = () => number

export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)]
  if (choice === undefined) throw new Error('nothing to choose from')
  return choice
}

export const chance = (random: Random, share: number): boolean => random() < share

const nestedDepth = 3_000
const longText = 'x'.repeat(70_000)

/** As JSON texts: what no JavaScript value can say is there too. */
const values: readonly string[] = [
  'null',
  'true',
  '-0',
  '1.0',
  '1e21',
  '1e400',
  '-1',
  '2147483648',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '0.1',
  '""',
  '"x"',
  '"\\u0000"',
  '"\\ud800"',
  '"__proto__"',
  '"../../x"',
  '"2026-01-02T03:04:05Z"',
  '"$(date)"',
  '{}',
  '[]',
  '[null]',
  '[[]]',
  '{"":""}',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{"a":1}}}',
  '{"a":1,"a":2}',
  '{"$patch":"delete"}',
  '{"$patch":"replace"}',
  '{"$setElementOrder/a":[1]}',
  JSON.stringify(longText),
  '['.repeat(nestedDepth) + ']'.repeat(nestedDepth),
  `${'{"a":'.repeat(nestedDepth)}1${'}'.repeat(nestedDepth)}`,
]

const words: readonly string[] = [
  '',
  '.',
  '..',
  '*',
  '~',
  '%2F',
  '%00',
  '%E0%A4%A',
  '%c3%28',
  '__proto__',
  'constructor',
  'toString',
  'X',
  'a%20b',
  '%C3%A4',
  '%F0%9F%92%A9',
  'default',
  'status',
  'scale',
  'x'.repeat(300),
  'a,b',
  'a;b=c',
  '-',
]

export const word = (random: Random): string => pick(random, words)

/** A JSON text made of this value, with one or two places of it changed. */
export function mutateJson(random: Random, value: unknown): string {
  const changed = new Map<unknown, string>()
  const marked = structuredClone(value)
  for (let count = chance(random, 0.5) ? 1 : 2; count > 0; count--) changePlace(random, marked, changed)
  let text = JSON.stringify(marked)
  for (const [mark, replacement] of changed) text = text.replace(JSON.stringify(mark), () => replacement)
  return chance(random, 0.15) ? mutateText(random, text) : text
}

/** Puts a mark where a text goes that JSON.stringify would not write. */
function changePlace(random: Random, root: unknown, changed: Map<unknown, string>): void {
  let place = root
  for (;;) {
    if (typeof place !== 'object' || place === null) return
    const keys = Object.keys(place)
    const key = keys.length === 0 || chance(random, 0.1) ? word(random) : pick(random, keys)
    const below: unknown = Reflect.get(place, key)
    if (typeof below === 'object' && below !== null && Object.keys(below).length > 0 && chance(random, 0.8)) {
      place = below
      continue
    }
    if (chance(random, 0.15)) {
      Reflect.deleteProperty(place, key)
      return
    }
    const mark = `mark-${changed.size}-${Math.floor(random() * 1e9)}`
    changed.set(mark, pick(random, values))
    Object.defineProperty(place, key, { value: mark, enumerable: true, configurable: true, writable: true })
    return
  }
}

/** Cut, doubled, or with a sign in it that does not belong there. */
function mutateText(random: Random, text: string): string {
  const at = Math.floor(random() * text.length)
  const choices = [
    () => text.slice(0, at),
    () => text + text.slice(at),
    () => text.slice(0, at) + pick(random, ['}', '"', ',', '\\', '\u0000', '\ufeff', '// x\n', ' ']) + text.slice(at),
  ]
  return pick(random, choices)()
}

/** Bytes that may be no UTF-8. */
export function bytesOf(random: Random, text: string): Buffer {
  const bytes = Buffer.from(text)
  if (!chance(random, 0.05) || bytes.length === 0) return bytes
  bytes[Math.floor(random() * bytes.length)] = pick(random, [0xff, 0xc0, 0x80, 0x00])
  return bytes
}

export function mutatePath(random: Random, path: string): string {
  const parts = path.split('/')
  const at = 1 + Math.floor(random() * (parts.length - 1))
  const choices = [
    () => parts.with(at, word(random)),
    () => parts.toSpliced(at, 1),
    () => parts.toSpliced(at, 0, word(random)),
    () => [...parts, word(random)],
    () => parts.with(at, parts[at]?.toUpperCase() ?? ''),
    () => [...parts.slice(0, at), ...parts.slice(at - 1)],
  ]
  const changed = pick(random, choices)().join('/')
  return changed.startsWith('/') ? changed : `/${changed}`
}
