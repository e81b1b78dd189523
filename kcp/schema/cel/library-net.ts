// Kubernetes' libraries of URLs, IP addresses and networks.

import { addRanges, type Estimate, exactly, oneUnit, type SizedNode } from './estimate-values.ts'
import {
  bool,
  type FunctionDeclaration,
  int,
  list,
  map,
  member,
  opaque,
  overload,
  string,
  textCost,
  textEstimate,
  walksOver,
} from './functions.ts'
import { type GoUrl, parseGoUrl } from './go-url.ts'
import {
  containsIp,
  containsNetwork,
  formatIp,
  formatNetwork,
  type IpAddress,
  type IpNetwork,
  isGlobalUnicast,
  isLinkLocalMulticast,
  isLinkLocalUnicast,
  isLoopback,
  isUnspecified,
  maskNetwork,
  parseIp,
  parseNetwork,
} from './ip-address.ts'
import { fail, hasTag, listValue, mapValue, type OpaqueValue, type Result, sizeOf, type Value } from './values.ts'

const urlType = opaque('kubernetes.URL')
const ipType = opaque('net.IP')
const cidrType = opaque('net.CIDR')

const urlOf = ({ content }: OpaqueValue) => content as GoUrl
const ipOf = ({ content }: OpaqueValue) => content as IpAddress
const networkOf = ({ content }: OpaqueValue) => content as IpNetwork

function urlValue(url: GoUrl): OpaqueValue {
  return { tag: 'opaque', type: 'kubernetes.URL', content: url, equals: other => urlOf(other).text === url.text }
}

function ipValue(ip: IpAddress): OpaqueValue {
  const equals = (other: OpaqueValue) => ipOf(other).family === ip.family && ipOf(other).bits === ip.bits
  return { tag: 'opaque', type: 'net.IP', content: ip, size: ip.family === 4 ? 4 : 16, equals }
}

function networkValue(network: IpNetwork): OpaqueValue {
  const equals = (other: OpaqueValue) => formatNetwork(networkOf(other)) === formatNetwork(network)
  const size = Math.ceil(network.prefixLength / 8)
  return { tag: 'opaque', type: 'net.CIDR', content: network, size, equals }
}

function toIp(text: string): Result {
  const found = parseIp(text)
  return typeof found === 'string' ? fail(found) : ipValue(found)
}

function toNetwork(text: string): Result {
  const found = parseNetwork(text)
  if (typeof found !== 'string') return networkValue(found)
  return fail(`network address parse error during conversion from string: ${found}`)
}

const urlPart = (name: string, read: (url: GoUrl) => string): FunctionDeclaration => ({
  name,
  overloads: [member([urlType], string, url => read(urlOf(url)))],
})

const urls: readonly FunctionDeclaration[] = [
  {
    name: 'url',
    overloads: [
      overload(
        [string],
        urlType,
        text => {
          const found = parseGoUrl(text)
          return typeof found === 'string'
            ? fail(`URL parse error during conversion from string: ${found}`)
            : urlValue(found)
        },
        walksOver(),
      ),
    ],
  },
  { name: 'isURL', overloads: [overload([string], bool, text => typeof parseGoUrl(text) !== 'string')] },
  urlPart('getScheme', url => url.scheme),
  urlPart('getHost', url => url.host),
  urlPart('getHostname', url => url.hostname),
  urlPart('getPort', url => url.port),
  urlPart('getEscapedPath', url => url.escapedPath),
  {
    name: 'getQuery',
    overloads: [
      member([urlType], map(string, list(string)), url =>
        mapValue(new Map([...urlOf(url).query].map(([name, values]) => [`s${name}`, [name, listValue(values)]]))),
      ),
    ],
  },
]

const ipQuestion = (name: string, ask: (ip: IpAddress) => boolean): FunctionDeclaration => ({
  name,
  overloads: [member([ipType], bool, ip => ask(ipOf(ip)))],
})

const bytesCompared = addRanges({ min: 4, max: 16 }, { min: 4, max: 16 })
const textOf = (node: SizedNode | undefined) => textEstimate(node?.librarySize ?? exactly(0))

function containment(kind: 'ip' | 'network', isText: boolean) {
  const extra = kind === 'network' ? addRanges(textEstimate({ min: 4, max: 16 }), oneUnit) : exactly(0)
  return {
    cost: ([network = null, other]: readonly Value[]) => {
      const size = sizeOf(network)
      const masking = kind === 'network' ? Math.ceil(size * 0.1) + 1 : 0
      return Math.ceil(2 * size * 0.1) + masking + (isText ? textCost(other) : 0)
    },
    estimate: ([, other]: readonly SizedNode[]): Estimate => ({
      cost: addRanges(textEstimate(bytesCompared), extra, isText ? textOf(other) : exactly(0)),
    }),
  }
}

function withParsed(parsed: Result, ask: (other: OpaqueValue) => boolean): Result {
  return hasTag(parsed, 'opaque') ? ask(parsed) : fail('no such overload')
}

const addresses: readonly FunctionDeclaration[] = [
  {
    name: 'ip',
    overloads: [
      overload([string], ipType, toIp, walksOver()),
      member([cidrType], ipType, network => ipValue(networkOf(network).address)),
    ],
  },
  { name: 'isIP', overloads: [overload([string], bool, text => typeof parseIp(text) !== 'string', walksOver())] },
  {
    name: 'ip.isCanonical',
    overloads: [
      overload(
        [string],
        bool,
        text => {
          const found = parseIp(text)
          return typeof found === 'string' ? fail(found) : formatIp(found) === text
        },
        walksOver(2),
      ),
    ],
  },
  { name: 'family', overloads: [member([ipType], int, ip => BigInt(ipOf(ip).family))] },
  ipQuestion('isUnspecified', isUnspecified),
  ipQuestion('isLoopback', isLoopback),
  ipQuestion('isLinkLocalMulticast', isLinkLocalMulticast),
  ipQuestion('isLinkLocalUnicast', isLinkLocalUnicast),
  ipQuestion('isGlobalUnicast', isGlobalUnicast),
  { name: 'cidr', overloads: [overload([string], cidrType, toNetwork, walksOver())] },
  {
    name: 'isCIDR',
    overloads: [overload([string], bool, text => typeof parseNetwork(text) !== 'string', walksOver())],
  },
  {
    name: 'containsIP',
    overloads: [
      member(
        [cidrType, string],
        bool,
        (network, text) => withParsed(toIp(text), ip => containsIp(networkOf(network), ipOf(ip))),
        containment('ip', true),
      ),
      member(
        [cidrType, ipType],
        bool,
        (network, ip) => containsIp(networkOf(network), ipOf(ip)),
        containment('ip', false),
      ),
    ],
  },
  {
    name: 'containsCIDR',
    overloads: [
      member(
        [cidrType, string],
        bool,
        (network, text) => withParsed(toNetwork(text), inner => containsNetwork(networkOf(network), networkOf(inner))),
        containment('network', true),
      ),
      member(
        [cidrType, cidrType],
        bool,
        (outer, inner) => containsNetwork(networkOf(outer), networkOf(inner)),
        containment('network', false),
      ),
    ],
  },
  { name: 'prefixLength', overloads: [member([cidrType], int, network => BigInt(networkOf(network).prefixLength))] },
  {
    name: 'masked',
    overloads: [member([cidrType], cidrType, network => networkValue(maskNetwork(networkOf(network))))],
  },
  {
    name: 'string',
    overloads: [
      overload([ipType], string, ip => formatIp(ipOf(ip))),
      overload([cidrType], string, network => formatNetwork(networkOf(network))),
    ],
  },
]

export const net: readonly FunctionDeclaration[] = [...urls, ...addresses]
