// All chance of a run comes from its seed. Each part draws from a stream of its own, so that a question more in one
// part does not change the answers in the others.
import { createHash } from 'node:crypto'
import { createRandom } from '../conformance/random.ts'

export interface Chance {
  /** In [0, 1). */
  readonly random: () => number
  /** In [min, max). */
  between(min: number, max: number): number
  /** Whole, in [0, count). */
  below(count: number): number
  happens(probability: number): boolean
  pick<T>(items: readonly T[]): T
  uid(): string
  bytes(size: number): Uint8Array
  /** Another stream of the same seed. */
  stream(name: string): Chance
}

export function createChance(seed: number | string): Chance {
  const random = createRandom(createHash('sha256').update(String(seed)).digest().readInt32LE())
  const below = (count: number) => Math.floor(random() * count)
  const bytes = (size: number) => Uint8Array.from({ length: size }, () => below(256))
  return {
    random,
    between: (min, max) => min + random() * (max - min),
    below,
    happens: probability => random() < probability,
    pick<T>(items: readonly T[]): T {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    uid() {
      const hex = Buffer.from(bytes(16)).toString('hex')
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
    bytes,
    stream: name => createChance(`${seed} ${name}`),
  }
}
