// What Go's JSON scanner says of a text that is no JSON: which sign it did not expect, and where in the grammar.
import { goEscapes } from './go-json.ts'
import { nestingLevelsMax } from './json.ts'

class Unexpected extends Error {}

const atEnd = 'unexpected end of JSON input'

/** Empty when the text is JSON. */
export function goSyntaxError(text: string): string {
  const scanner = new Scanner(text)
  try {
    scanner.value()
    scanner.end()
    return ''
  } catch (error) {
    if (error instanceof Unexpected) return error.message
    throw error
  }
}

const [tab, space] = [9, 32]
const spaces = new Set([tab, 10, 13, space])
const words: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' }

class Scanner {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): void {
    const sign = this.#nextSign()
    if (sign === '{') this.#object()
    else if (sign === '[') this.#list()
    else if (sign === '"') this.#string()
    else if (sign === '-' || isDigit(sign)) this.#number(sign)
    else if (Object.hasOwn(words, sign)) this.#word(words[sign] ?? '')
    else this.#refuse('looking for beginning of value')
  }

  end(): void {
    this.#skipSpaces()
    if (this.#at < this.#text.length) {
      this.#at++
      this.#refuse('after top-level value')
    }
  }

  #object(): void {
    this.#open()
    for (let isFirst = true; ; isFirst = false) {
      const start = this.#nextSign()
      if (isFirst && start === '}') break
      if (start !== '"') this.#refuse('looking for beginning of object key string')
      this.#string()
      if (this.#nextSign() !== ':') this.#refuse('after object key')
      this.value()
      const sign = this.#nextSign()
      if (sign === '}') break
      if (sign !== ',') this.#refuse('after object key:value pair')
    }
    this.#depth--
  }

  #list(): void {
    this.#open()
    for (let isFirst = true; ; isFirst = false) {
      if (isFirst && this.#skipEmptyList()) break
      this.value()
      const sign = this.#nextSign()
      if (sign === ']') break
      if (sign !== ',') this.#refuse('after array element')
    }
    this.#depth--
  }

  #skipEmptyList(): boolean {
    this.#skipSpaces()
    const isEmpty = this.#text[this.#at] === ']'
    if (isEmpty) this.#at++
    return isEmpty
  }

  #open(): void {
    if (++this.#depth > nestingLevelsMax) this.#refuse('exceeded max depth')
  }

  #string(): void {
    for (let sign = this.#next(); sign !== '"'; sign = this.#next()) {
      if (sign === '\\') this.#escape()
      else if (sign < ' ') this.#refuse('in string literal')
    }
  }

  #escape(): void {
    const sign = this.#next()
    if (!'bfnrt\\/"u'.includes(sign)) this.#refuse('in string escape code')
    if (sign !== 'u') return
    for (let digits = 0; digits < 4; digits++) {
      if (!/[\da-fA-F]/.test(this.#next())) this.#refuse('in \\u hexadecimal character escape')
    }
  }

  #number(first: string): void {
    const leading = first === '-' ? this.#next() : first
    if (!isDigit(leading)) this.#refuse('in numeric literal')
    if (leading !== '0') this.#digits()
    if (this.#text[this.#at] === '.') {
      this.#at++
      if (!isDigit(this.#next())) this.#refuse('after decimal point in numeric literal')
      this.#digits()
    }
    if (!'eE'.includes(this.#text[this.#at] ?? '-')) return
    this.#at++
    const sign = this.#next()
    if (!isDigit('+-'.includes(sign) ? this.#next() : sign)) this.#refuse('in exponent of numeric literal')
    this.#digits()
  }

  #digits(): void {
    while (isDigit(this.#text[this.#at] ?? '')) this.#at++
  }

  #word(word: string): void {
    for (const expected of word.slice(1)) {
      if (this.#next() !== expected) this.#refuse(`in literal ${word} (expecting '${expected}')`)
    }
  }

  #skipSpaces(): void {
    while (spaces.has(this.#text.charCodeAt(this.#at))) this.#at++
  }

  #nextSign(): string {
    this.#skipSpaces()
    return this.#next()
  }

  #next(): string {
    const sign = this.#text[this.#at++]
    if (sign === undefined) throw new Unexpected(atEnd)
    return sign
  }

  /** The sign that was read last is wrong here. */
  #refuse(place: string): never {
    throw new Unexpected(`invalid character ${goSign(this.#text.codePointAt(this.#at - 1) ?? 0)} ${place}`)
  }
}

function isDigit(sign: string): boolean {
  return sign >= '0' && sign <= '9'
}

const escapes: Readonly<Record<string, string>> = { ...goEscapes, "'": "\\'" }

/** Go reads bytes: of a sign beyond ASCII it shows the first one. */
function goSign(code: number): string {
  const [byte = 0] = new TextEncoder().encode(String.fromCodePoint(code))
  const sign = String.fromCharCode(byte)
  if (escapes[sign] !== undefined) return `'${escapes[sign]}'`
  if (byte < space || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, '0')}'`
  return `'${sign}'`
}
