import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { formatList, formatObject, readOutputFormat } from './output.ts'

const metadata = { name: 'team', uid: 'u' }
const workspace = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata, spec: { cluster: 'c' } }
const managed = { ...workspace, metadata: { ...metadata, managedFields: [] } }

describe('-o', () => {
  test('json: four spaces, members by name, without managed fields, as kubectl prints it', () => {
    const { kind, apiVersion, spec } = workspace
    const shuffled = { spec, metadata: { managedFields: [], uid: 'u', name: 'team' }, kind, apiVersion }
    assert.equal(formatObject('json', shuffled), `${JSON.stringify(workspace, null, 4)}\n`)
  })
  test('yaml is the same object', () => assert.deepEqual(parse(formatObject('yaml', managed)), workspace))
  test('name has the group, and none for the core', () => {
    assert.equal(formatObject('name', workspace), 'workspace.tenancy.kcp.io/team\n')
    assert.equal(formatObject('name', { apiVersion: 'v1', kind: 'Secret', metadata }), 'secret/team\n')
  })
  test('several are a List, also none', () => {
    const list = { apiVersion: 'v1', items: [workspace], kind: 'List', metadata: { resourceVersion: '' } }
    assert.deepEqual(parse(formatList('yaml', [managed])), list)
    assert.deepEqual(JSON.parse(formatList('json', [])), { ...list, items: [] })
  })
  test('another format is refused with those there are; none is sentences', () => {
    const message =
      'unable to match a printer suitable for the output format "wide", allowed formats are: json,name,yaml'
    assert.throws(() => readOutputFormat('wide'), { message })
    assert.equal(readOutputFormat(undefined), undefined)
    assert.equal(readOutputFormat('yaml'), 'yaml')
  })
})
