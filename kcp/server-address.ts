// Where clients reach this server, decided purely.
import { isIP } from 'node:net'

export interface AddressOptions {
  readonly externalHostname: string
  readonly bindAddress: string
}

/** The external host name, else a bound address, else the first public address of the machine, else loopback. */
export function externalHost(options: AddressOptions, machineAddresses: readonly string[]): string {
  const { externalHostname, bindAddress } = options
  if (externalHostname !== '') return externalHostname
  if (!isUnspecified(bindAddress)) return bindAddress
  return machineAddresses.find(address => isIP(address) === 4 && !address.startsWith('127.')) ?? '127.0.0.1'
}

export function serverUrl(host: string, port: number): string {
  return `https://${hostAndPort(host, port)}`
}

/** An IPv6 address is bracketed. */
export function hostAndPort(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}
