import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiBinding, ApiBindingStatus, SchemaFacts } from './api-binding.ts'
import { decideStatus, type ExportFacts } from './decide.ts'
import type { TakenNames } from './naming-conflict.ts'

const now = new Date('2026-01-02T03:04:05Z')
const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['wd'] }
const schema = (uid: string, more: Partial<SchemaFacts> = {}): SchemaFacts => ({
  name: `${uid}.widgets.ex.io`,
  uid,
  group: 'ex.io',
  names,
  storageVersions: ['v1'],
  lacksConversion: false,
  ...more,
})
const good: ExportFacts = { cluster: 'c1', identityHash: 'h', permissionClaims: [], schemas: [schema('u1')] }

function decided(apiExport: ExportFacts | string, options: { status?: ApiBindingStatus; taken?: TakenNames[] } = {}) {
  const spec: ApiBinding['spec'] = { reference: { export: { path: 'root:p', name: 'widgets' } } }
  const identity = { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIBinding', metadata: { name: 'b' } }
  const binding = { ...identity, spec, ...(options.status ? { status: options.status } : {}) }
  return decideStatus({ binding, apiExport, taken: () => options.taken ?? [], now })
}
const told = ({ conditions }: ApiBindingStatus) =>
  Object.fromEntries((conditions ?? []).map(({ type, status, reason }) => [type, reason ?? status]))

test('export and schemas there: Bound in one step', () => {
  const status = decided(good)
  assert.equal(status.phase, 'Bound')
  assert.equal(status.apiExportClusterName, 'c1')
  assert.deepEqual(status.boundResources, [
    {
      group: 'ex.io',
      resource: 'widgets',
      schema: { name: 'u1.widgets.ex.io', UID: 'u1', identityHash: 'h' },
      storageVersions: ['v1'],
    },
  ])
  assert.deepEqual(Object.keys(told(status)), [
    'Ready',
    'APIExportValid',
    'BindingUpToDate',
    'InitialBindingCompleted',
    'PermissionClaimsApplied',
    'PermissionClaimsValid',
  ])
  assert.equal(decided(good, { status }), status)
})

const waits: { name: string; apiExport: ExportFacts | string; reason: string }[] = [
  { name: 'no such export', apiExport: 'c1|widgets', reason: 'APIExportNotFound' },
  { name: 'no identity yet', apiExport: { ...good, identityHash: '' }, reason: 'MissingIdentityHash' },
  { name: 'a schema is missing', apiExport: { ...good, schemas: ['u1.widgets.ex.io'] }, reason: 'InternalError' },
  {
    name: 'several versions without a conversion',
    apiExport: { ...good, schemas: [schema('u1', { lacksConversion: true })] },
    reason: 'InternalError',
  },
]
for (const { name, apiExport, reason } of waits) {
  test(`${name}: waits and says why`, () => {
    const status = decided(apiExport)
    assert.equal(status.phase, 'Binding')
    assert.equal(told(status).APIExportValid, reason)
    assert.equal(told(status).Ready, 'WaitingForEstablished')
  })
  test(`${name}, but bound before: stays Bound with what it has`, () => {
    const status = decided(apiExport, { status: decided(good) })
    assert.equal(status.phase, 'Bound')
    assert.equal(status.boundResources?.length, 1)
    assert.equal(told(status).Ready, 'True')
  })
}

test('names of another binding: not bound, and the text names it', () => {
  const owner = { type: 'binding', name: 'other', exportPath: 'root:o', exportName: 'gadgets' } as const
  const taken = [{ group: 'ex.io', owner, names: { ...names, plural: 'gadgets', singular: 'gadget', shortNames: [] } }]
  const status = decided(good, { taken })
  const text =
    'Unable to bind APIs: naming conflict with APIBinding "other" bound to APIExport root:o:gadgets, spec.names.kind=Widget is forbidden'
  assert.equal(status.conditions?.find(({ type }) => type === 'BindingUpToDate')?.message, text)
  assert.equal(status.phase, 'Binding')
})

test('a resource the export dropped stays bound, a new schema replaces the old one', () => {
  const before = decided({ ...good, schemas: [schema('u1'), schema('g1', { names: { ...names, plural: 'gadgets' } })] })
  const after = decided({ ...good, schemas: [schema('u2', { storageVersions: ['v2'] })] }, { status: before })
  assert.deepEqual(
    after.boundResources?.map(({ resource, schema, storageVersions }) => [resource, schema.UID, storageVersions]),
    [
      ['widgets', 'u2', ['v1', 'v2']],
      ['gadgets', 'g1', ['v1']],
    ],
  )
})
