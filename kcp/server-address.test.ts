import assert from 'node:assert/strict'
import { test } from 'node:test'
import { externalHost, serverUrl } from './server-address.ts'

const machine = ['127.0.0.1', '::1', '10.0.0.7', '10.0.0.8', 'fe80::1']
const table = [
  {
    name: 'external host name',
    options: { externalHostname: 'kcp.io', bindAddress: '0.0.0.0' },
    machine,
    want: 'kcp.io',
  },
  { name: 'bound address', options: { externalHostname: '', bindAddress: '10.0.0.8' }, machine, want: '10.0.0.8' },
  {
    name: 'address of the machine',
    options: { externalHostname: '', bindAddress: '0.0.0.0' },
    machine,
    want: '10.0.0.7',
  },
  {
    name: 'no network',
    options: { externalHostname: '', bindAddress: '::' },
    machine: ['127.0.0.1'],
    want: '127.0.0.1',
  },
]
for (const { name, options, machine: addresses, want } of table) {
  test(`clients reach the server at: ${name}`, () => assert.equal(externalHost(options, addresses), want))
}

test('IPv6 hosts are bracketed in URLs', () => {
  assert.equal(serverUrl('::1', 6443), 'https://[::1]:6443')
  assert.equal(serverUrl('kcp.io', 6443), 'https://kcp.io:6443')
})
