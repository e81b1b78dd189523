// Names the server makes up from metadata.generateName: the prefix and five signs of an alphabet that spells no words.

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const suffixLength = 5
const prefixLength = 63 - suffixLength

/** `random` returns a number of [0, 1). */
export function generateName(prefix: string, random: () => number): string {
  return prefix.slice(0, prefixLength) + randomSuffix(random)
}

export function randomSuffix(random: () => number, length: number = suffixLength): string {
  return Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('')
}
