// String formats that Kubernetes checks; a format it does not know is not checked.
import { isIP, isIPv6 } from 'node:net'
import { parseTime } from '../../api/time.ts'

type Check = (text: string) => boolean

const matches =
  (pattern: RegExp): Check =>
  text =>
    pattern.test(text)

const uuid = (version: string, variant: string): Check =>
  matches(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'))

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  const max = isIPv6(address) ? 128 : 32
  return rest.length === 0 && isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= max
}

/** Zeros in front are tolerated. */
function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^\d+$/.test(part) && Number(part) <= 255)
}

/** Of texts that are searched with patterns which look at some places more than once. */
const looseCharsMax = 1000
const hostBytesMax = 255
const labelBytesMax = 63

/** A single label, or labels before one of letters. */
function isHostname(text: string): boolean {
  const label = '[a-zA-Z0-9\\p{S}\\p{L}]'
  const dotted = `(${label}(([a-zA-Z0-9\\-\\p{S}\\p{L}]{0,61}${label})?)(\\.))+([a-zA-Z\\p{L}]){2,63}`
  const pattern = new RegExp(`^(?:${label}(-?${label}{0,62})?|${dotted})$`, 'u')
  if (Buffer.byteLength(text) > hostBytesMax || !pattern.test(text)) return false
  return text.split('.').every(part => Buffer.byteLength(part) <= labelBytesMax)
}

/** What Go's url.ParseRequestURI takes: an absolute path, or a scheme with something behind it. */
function isUri(text: string): boolean {
  if (/\p{Cc}/u.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return false
  if (text.startsWith('/')) return true
  const [, rest = ''] = /^[a-z][a-z0-9+.-]*:(.*)$/is.exec(text) ?? []
  if (rest === '') return false
  return !rest.startsWith('//') || /^\/\/([^@/\s]*@)?(\[[0-9a-f:.%]+\]|[^\s/:[\]]*)(:\d*)?([/?#]|$)/i.test(rest)
}

/** An address, or one in angle brackets behind a name. */
function isEmail(text: string): boolean {
  if (text.length > looseCharsMax) return false
  const address = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text
  return /^(?:"(?:[^"\\]|\\.)+"|[^\s@<>",;:()[\]\\]+)@[^\s@<>",;:()\\]+$/.test(address.trim())
}

const goDuration = /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/
const looseUnits = /^(ns|us|µs|ms|s|m|h|hr|d|w|wk)$|^(nano|micro|milli|sec|min|hour|day|week)/i

/** Go's, or any text with a number and a unit such as `3 weeks`. */
function isDuration(text: string): boolean {
  if (text.length > looseCharsMax) return false
  if (goDuration.test(text)) return true
  return [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, unit = '']) => looseUnits.test(unit))
}

function isMac(text: string): boolean {
  return (
    /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}(([0-9a-f]{2}\2){2}|([0-9a-f]{2}\2){14})?[0-9a-f]{2}$/i.test(text) ||
    /^[0-9a-f]{4}\.([0-9a-f]{4}\.){1,2}[0-9a-f]{4}$/i.test(text)
  )
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '')
  if (!/^(\d{9}X|\d{10})$/.test(digits)) return false
  const sum = [...digits].reduce((total, digit, i) => total + (i + 1) * (digit === 'X' ? 10 : Number(digit)), 0)
  return sum % 11 === 0
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '')
  if (!/^\d{13}$/.test(digits)) return false
  return [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0) % 10 === 0
}

const cardPattern =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/

function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D+/g, '')
  if (!cardPattern.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const weighted = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return total + (weighted > 9 ? weighted - 9 : weighted)
  }, 0)
  return sum % 10 === 0
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/
const colorPart = '\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*'

function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function isDateTime(text: string): boolean {
  return isDate(text.slice(0, 10)) && text.slice(11, 13) !== '24' && parseTime(text.toUpperCase()) !== undefined
}

/** By their names without dashes. */
const formats: Readonly<Record<string, Check>> = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  byte: matches(base64),
  cidr: isCidr,
  creditcard: isCreditCard,
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  email: isEmail,
  hexcolor: matches(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: text => isIPv6(text) && !text.includes('%'),
  isbn: text => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  mac: isMac,
  password: () => true,
  rgbcolor: matches(new RegExp(`^rgb\\(${colorPart},${colorPart},${colorPart}\\)$`)),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: isUri,
  uuid: uuid('[0-9a-f]', '[0-9a-f]'),
  uuid3: uuid('3', '[0-9a-f]'),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
}

function checkOf(format: string): Check | undefined {
  const name = format.replaceAll('-', '')
  return Object.hasOwn(formats, name) ? formats[name] : undefined
}

/** The format when it is one that is checked, else ''. */
export function checkedFormat(format: unknown): string {
  return typeof format === 'string' && checkOf(format) ? format : ''
}

export function hasFormat(text: string, format: string): boolean {
  return checkOf(format)?.(text) !== false
}
