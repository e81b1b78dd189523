// IP addresses and networks as numbers, with Go's canonical texts.
import { isIPv4, isIPv6 } from 'node:net'

export interface IpAddress {
  readonly family: 4 | 6
  readonly bits: bigint
}
export interface IpNetwork {
  readonly address: IpAddress
  readonly prefixLength: number
}

const widthOf = ({ family }: IpAddress) => (family === 4 ? 32 : 128)

/** The address, or why it is none. */
export function parseIp(text: string): IpAddress | string {
  const quoted = JSON.stringify(text)
  if (text.includes('%') && isIPv6(text)) return `IP address ${quoted} with zone value is not allowed`
  if (isIPv4(text)) {
    return { family: 4, bits: text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n) }
  }
  if (!isIPv6(text)) return `IP Address ${quoted} parse error during conversion from string: ${parseProblem(text)}`
  const address: IpAddress = { family: 6, bits: ipv6Bits(text) }
  return address.bits >> 32n === 0xffffn ? `IPv4-mapped IPv6 address ${quoted} is not allowed` : address
}

function parseProblem(text: string): string {
  const problem = (detail: string) => `ParseAddr(${JSON.stringify(text)}): ${detail}`
  if (!/[.:]/.test(text)) return problem('unable to parse IP')
  if (text.includes(':')) return problem('unexpected character (at "")')
  const parts = text.split('.')
  const bad = /[^0-9.]/.exec(text)
  if (bad) return problem(`unexpected character (at ${JSON.stringify(text.slice(bad.index))})`)
  if (parts.some(part => part === '')) {
    const at = text.startsWith('.') ? text : text.slice(text.indexOf('..') + 1)
    return problem(`IPv4 field must have at least one digit (at ${JSON.stringify(at)})`)
  }
  if (parts.some(part => part.length > 1 && part.startsWith('0')))
    return problem('IPv4 field has octet with leading zero')
  if (parts.some(part => Number(part) > 255)) return problem('IPv4 field has value >255')
  return problem(parts.length > 4 ? 'IPv4 address too long' : 'IPv4 address too short')
}

function ipv6Bits(text: string): bigint {
  const embedded = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  const hex = (a = '', b = '') => ((Number(a) << 8) | Number(b)).toString(16)
  const plain = embedded
    ? `${text.slice(0, embedded.index)}${hex(embedded[1], embedded[2])}:${hex(embedded[3], embedded[4])}`
    : text
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...middle, ...right].reduce((bits, part) => (bits << 16n) | BigInt(`0x${part}`), 0n)
}

export function formatIp(address: IpAddress): string {
  if (address.family === 4) return [24n, 16n, 8n, 0n].map(shift => String((address.bits >> shift) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => Number((address.bits >> BigInt(112 - 16 * i)) & 0xffffn))
  const [start, length] = longestZeros(groups)
  const text = (part: readonly number[]) => part.map(group => group.toString(16)).join(':')
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

function longestZeros(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0]
  groups.forEach((_, start) => {
    let end = start
    while (groups[end] === 0) end++
    if (end - start > best[1]) best = [start, end - start]
  })
  return best
}

/** The network, or why it is none. */
export function parseNetwork(text: string): IpNetwork | string {
  const failed = (detail: string) =>
    `network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): ${detail}`
  const slash = text.lastIndexOf('/')
  if (slash < 0) return failed("no '/'")
  const address = parseIp(text.slice(0, slash))
  const bits = text.slice(slash + 1)
  if (typeof address === 'string') {
    if (address.startsWith('IPv4-mapped')) return `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`
    if (address.includes('zone')) return failed('IPv6 zones cannot be present in a prefix')
    return failed(address.slice(address.indexOf('ParseAddr')))
  }
  if (!/^(0|[1-9]\d{0,2})$/.test(bits)) return failed(`bad bits after slash: ${JSON.stringify(bits)}`)
  if (Number(bits) > widthOf(address)) return failed('prefix length out of range')
  return { address, prefixLength: Number(bits) }
}

export const formatNetwork = ({ address, prefixLength }: IpNetwork): string => `${formatIp(address)}/${prefixLength}`

const prefixOf = (address: IpAddress, length: number): bigint => address.bits >> BigInt(widthOf(address) - length)

export function maskNetwork({ address, prefixLength }: IpNetwork): IpNetwork {
  const shift = BigInt(widthOf(address) - prefixLength)
  return { address: { family: address.family, bits: (address.bits >> shift) << shift }, prefixLength }
}

export function containsIp({ address, prefixLength }: IpNetwork, ip: IpAddress): boolean {
  return address.family === ip.family && prefixOf(address, prefixLength) === prefixOf(ip, prefixLength)
}

/** Whether `inner` is a part of `outer`, or the same. */
export function containsNetwork(outer: IpNetwork, inner: IpNetwork): boolean {
  return outer.prefixLength <= inner.prefixLength && containsIp(outer, inner.address)
}

const network = (text: string): IpNetwork => {
  const found = parseNetwork(text)
  if (typeof found === 'string') throw new Error(found)
  return found
}
const loopback = [network('127.0.0.0/8'), network('::1/128')]
const unspecified = [network('0.0.0.0/32'), network('::/128')]
const multicast = [network('224.0.0.0/4'), network('ff00::/8')]
const linkLocalUnicast = [network('169.254.0.0/16'), network('fe80::/10')]
const broadcast = network('255.255.255.255/32')

const isInAny = (networks: readonly IpNetwork[]) => (ip: IpAddress) => networks.some(each => containsIp(each, ip))

export const isLoopback = isInAny(loopback)
export const isUnspecified = isInAny(unspecified)
export const isLinkLocalUnicast = isInAny(linkLocalUnicast)

export function isLinkLocalMulticast(ip: IpAddress): boolean {
  if (ip.family === 4) return containsIp(network('224.0.0.0/24'), ip)
  return ip.bits >> 120n === 0xffn && ((ip.bits >> 112n) & 0xfn) === 2n
}

const isSpecial = isInAny([...unspecified, ...loopback, ...multicast, ...linkLocalUnicast, broadcast])
export const isGlobalUnicast = (ip: IpAddress): boolean => !isSpecial(ip)
