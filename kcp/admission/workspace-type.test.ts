import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitViolation } from './type-limits.ts'
import {
  aliasesOf,
  defaultBindingsOf,
  type FindType,
  type FoundType,
  initializersOf,
  TypeCycle,
  TypeMissing,
  type WorkspaceType,
} from './workspace-type-graph.ts'

const reference = (name: string) => ({ name, path: 'root:o' })
const extending = (...names: string[]) => ({ extend: { with: names.map(reference) } })

const specs: Record<string, WorkspaceType['spec']> = {
  base: { initializer: true, defaultAPIBindings: [{ export: 'e', path: 'root' }] },
  child: {
    ...extending('base'),
    initializer: true,
    defaultAPIBindings: [{ export: 'own' }, { export: 'e', path: 'root' }],
  },
  plain: {},
  orphan: { limitAllowedParents: { none: true } },
  kid: { ...extending('orphan') },
  picky: { limitAllowedParents: { types: [reference('base')] } },
  childless: { limitAllowedChildren: { none: true } },
  strict: { limitAllowedChildren: { types: [reference('plain')] } },
  c1: extending('c2'),
  c2: extending('c1'),
  broken: extending('nosuch'),
}

const found = (name: string): FoundType => {
  const identity = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'WorkspaceType' }
  return { type: { ...identity, metadata: { name }, spec: specs[name] ?? {} }, cluster: 'abc', path: 'root:o' }
}
const find: FindType = async ({ name }) => (Object.hasOwn(specs, name) ? found(name) : undefined)
const aliases = (name: string) => aliasesOf(find, found(name))

test('initializers and default bindings come from the extended types first, each once', async () => {
  const child = await aliases('child')
  assert.deepEqual(initializersOf(child), ['abc:base', 'abc:child', 'system:apibindings'])
  assert.deepEqual(defaultBindingsOf(child), [
    { path: 'root', exportName: 'e' },
    { path: 'abc', exportName: 'own' },
  ])
  assert.deepEqual(initializersOf(await aliases('plain')), [])
})

test('a cycle and a missing type are told', async () => {
  const message = 'circular dependency detected in workspace type root:o:c1: root:o:c1 -> root:o:c2 -> root:o:c1'
  await assert.rejects(aliases('c1'), error => error instanceof TypeCycle && error.message === message)
  await assert.rejects(
    aliases('broken'),
    error => error instanceof TypeMissing && error.qualifiedName === 'root:o:nosuch',
  )
})

const limits: { child: string; parent: string; want: string | undefined }[] = [
  { child: 'plain', parent: 'base', want: undefined },
  { child: 'picky', parent: 'base', want: undefined },
  { child: 'picky', parent: 'child', want: undefined },
  {
    child: 'picky',
    parent: 'plain',
    want: 'workspace type root:o:picky only allows [root:o:base] parent workspaces, but parent type root:o:plain only implements [root:o:plain]',
  },
  { child: 'orphan', parent: 'plain', want: 'workspace type root:o:orphan cannot have any parent' },
  {
    child: 'kid',
    parent: 'plain',
    want: 'workspace type root:o:kid extends root:o:orphan, which cannot have any parent',
  },
  { child: 'plain', parent: 'childless', want: 'workspace type root:o:childless cannot have any child' },
  { child: 'plain', parent: 'strict', want: undefined },
  {
    child: 'base',
    parent: 'strict',
    want: 'workspace type root:o:strict only allows [root:o:plain] child workspaces, but child type root:o:base only implements [root:o:base]',
  },
]
for (const { child, parent, want } of limits) {
  test(`${child} below ${parent}: ${want === undefined ? 'allowed' : 'refused'}`, async () => {
    assert.equal(limitViolation(await aliases(child), await aliases(parent)), want)
  })
}
