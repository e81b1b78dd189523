import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Crd, decideStatus, type NamesInUse } from './decide.ts'

const now = new Date('2026-01-02T03:04:05Z')
const names = { plural: 'as', singular: 'a', kind: 'A', listKind: 'AList' }

function crdOf(members: Partial<Crd['spec']> = {}, status?: Crd['status'], annotations?: Record<string, string>): Crd {
  const versions = [{ name: 'v1', served: true, storage: true }]
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'as.ex.io', ...(annotations ? { annotations } : {}) },
    spec: { group: 'ex.io', names, versions, ...members },
    ...(status ? { status } : {}),
  }
}

const inUse = (resources: string[] = [], kinds: string[] = []): NamesInUse => ({
  resources: new Set(resources),
  kinds: new Set(kinds),
})

function summary(crd: Crd, used = inUse()) {
  const status = decideStatus(crd, used, now)
  return (
    status && [status.acceptedNames, ...status.conditions.map(c => `${c.type}=${c.status} ${c.reason}: ${c.message}`)]
  )
}

const accepted = 'NamesAccepted=True NoConflicts: no conflicts found'
const established = 'Established=True InitialNamesAccepted: the initial names have been accepted'
const notEstablished = 'Established=False NotAccepted: not all names are accepted'

test('free names are accepted and the CRD is established, once', () => {
  const crd = crdOf()
  assert.deepEqual(summary(crd), [names, accepted, established])
  const status = decideStatus(crd, inUse(), now)
  assert.ok(status)
  assert.deepEqual(status.storedVersions, ['v1'])
  assert.equal(decideStatus(crdOf({}, status), inUse(), new Date(0)), undefined)
})

test('names are accepted one by one; the last conflict is told', () => {
  const crd = crdOf({ names: { ...names, singular: 'b', shortNames: ['x', 'y', 'z'] } })
  assert.deepEqual(summary(crd, inUse(['x', 'z'], ['AList'])), [
    { plural: 'as', singular: 'b', kind: 'A' },
    'NamesAccepted=False ListKindConflict: "AList" is already in use',
    notEstablished,
  ])
  assert.deepEqual(summary(crd, inUse(['x', 'z'])), [
    { plural: 'as', singular: 'b', kind: 'A', listKind: 'AList' },
    'NamesAccepted=False ShortNamesConflict: ["x" is already in use, "z" is already in use]',
    notEstablished,
  ])
})

test('what was accepted once stays while a new name is taken', () => {
  const status = decideStatus(crdOf({ names: { ...names, shortNames: ['x'] } }), inUse(), now)
  assert.ok(status)
  assert.deepEqual(summary(crdOf({ names: { ...names, shortNames: ['y'] } }, status), inUse(['y'])), [
    { ...names, shortNames: ['x'] },
    'NamesAccepted=False ShortNamesConflict: "y" is already in use',
    established,
  ])
})

test('groups of Kubernetes say who approved them', () => {
  const approved = (annotation: string) =>
    summary(crdOf({ group: 'x.k8s.io' }, undefined, { 'api-approved.kubernetes.io': annotation }))?.at(-1)
  const type = 'KubernetesAPIApprovalPolicyConformant'
  assert.equal(approved('https://a/1'), `${type}=True ApprovedAnnotation: approved in https://a/1`)
  assert.equal(approved('unapproved, x'), `${type}=False UnapprovedAnnotation: not approved: "unapproved, x"`)
})
