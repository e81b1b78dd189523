// Rules over the API: a CRD whose rules do not compile, objects that break rules on each way of writing, and schemas of
// APIResourceSchemas. Texts are those of a kube-apiserver 1.31.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { allow } from '../../kcp/auth/authorizer.ts'
import { type ControlPlane, startControlPlane } from '../harness/control-plane.ts'
import { until } from '../harness/until.ts'

const crds = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' }
const schemas = { group: 'apis.kcp.io', version: 'v1alpha1', resource: 'apiresourceschemas' }
const widgets = { group: 'ex.io', version: 'v1', resource: 'widgets' }

let controlPlane: ControlPlane
let root: Client
before(async () => {
  controlPlane = await startControlPlane({ authorize: async () => allow('tests') })
  root = controlPlane.client().cluster('root')
})
after(() => controlPlane[Symbol.asyncDispose]())

const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' }

function schemaWith(rules: JsonObject[]): JsonObject {
  const size = { type: 'integer' }
  const spec = { type: 'object', properties: { size, name: { type: 'string' } }, 'x-kubernetes-validations': rules }
  return { type: 'object', properties: { spec, status: { type: 'object', properties: { size } } } }
}

function crd(rules: JsonObject[]) {
  const schema = { openAPIV3Schema: schemaWith(rules) }
  const versions = [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }]
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.ex.io' },
    spec: { group: 'ex.io', scope: 'Cluster', names, versions },
  }
}

async function refusal(work: Promise<unknown>): Promise<StatusError> {
  try {
    await work
  } catch (error) {
    if (error instanceof StatusError) return error
    throw error
  }
  throw new Error('was not refused')
}

const widget = (spec: JsonObject) => ({ apiVersion: 'ex.io/v1', kind: 'Widget', metadata: { name: 'w' }, spec })

test('a CRD whose rule does not compile is refused with the place', async () => {
  const { status } = await refusal(root.create(crds, crd([{ rule: 'self.size > "1"' }])))
  assert.equal(status.code, 422)
  assert.equal(status.reason, 'Invalid')
  assert.deepEqual(status.details?.causes, [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule',
      message:
        'Invalid value: apiextensions.ValidationRule{Rule:"self.size > \\"1\\"", Message:"", MessageExpression:"", Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:"", OptionalOldSelf:(*bool)(nil)}: compilation failed: ERROR: <input>:1:11: found no matching overload for \'_>_\' applied to \'(int, string)\'\n | self.size > "1"\n | ..........^',
    },
  ])
})

test('an APIResourceSchema whose rule does not compile is refused', async () => {
  const { status } = await refusal(
    root.create(schemas, {
      apiVersion: 'apis.kcp.io/v1alpha1',
      kind: 'APIResourceSchema',
      metadata: { name: 'v1.widgets.ex.io' },
      spec: {
        group: 'ex.io',
        scope: 'Cluster',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema: schemaWith([{ rule: 'self.nope' }]) }],
      },
    }),
  )
  assert.equal(status.code, 403)
  assert.match(
    status.message ?? '',
    /versions\[0\]\.schema.*x-kubernetes-validations\[0\]\.rule: .*undefined field 'nope'/s,
  )
})

test('rules hold on every way of writing', async t => {
  const rules: JsonObject[] = [
    { rule: 'self.size > 0', message: 'size must be positive', fieldPath: '.size' },
    { rule: 'self.name == oldSelf.name', message: 'name is immutable', reason: 'FieldValueForbidden' },
    { rule: 'self.size < 100', messageExpression: "'size is ' + (self.size > 1000 ? 'huge' : 'large')" },
  ]
  await root.create(crds, crd(rules))
  type Crd = KubeObject & { status?: { conditions?: { type: string; status: string }[] } }
  await until<Crd>(root, { gvr: crds, name: 'widgets.ex.io' }, found =>
    Boolean(found?.status?.conditions?.some(c => c.type === 'Established' && c.status === 'True')),
  )
  await controlPlane.settled()
  const causesOf = async (work: Promise<unknown>) => (await refusal(work)).status.details?.causes
  const positive = {
    reason: 'FieldValueInvalid',
    field: 'spec.size',
    message: 'Invalid value: "object": size must be positive',
  }
  const large = { reason: 'FieldValueInvalid', field: 'spec', message: 'Invalid value: "object": size is large' }
  const immutable = { reason: 'FieldValueForbidden', field: 'spec', message: 'Forbidden: name is immutable' }

  await t.test('create', async () => {
    const error = await refusal(root.create(widgets, widget({ size: 0, name: 'a' })))
    assert.equal(
      error.message,
      'Widget.ex.io "w" is invalid: spec.size: Invalid value: "object": size must be positive',
    )
    assert.deepEqual(error.status.details?.causes, [positive])
  })
  const created = await root.create<KubeObject>(widgets, widget({ size: 1, name: 'a' }))
  await t.test('update', async () => {
    const body = { ...created, spec: { size: 200, name: 'b' } }
    assert.deepEqual(await causesOf(root.update(widgets, body)), [immutable, large])
  })
  await t.test('patch', async () => {
    const body = { spec: { size: -1 } }
    assert.deepEqual(await causesOf(root.patch(widgets, { name: 'w' }, { type: 'merge', body })), [positive])
  })
  await t.test('apply', async () => {
    const patch = { type: 'apply', body: widget({ size: 0 }), force: true } as const
    assert.deepEqual(await causesOf(root.patch(widgets, { name: 'w' }, patch, { fieldManager: 'tests' })), [positive])
  })
  await t.test('what keeps the rules is written', async () => {
    await root.update(widgets, { ...created, spec: { size: 2, name: 'a' } })
  })
})
