import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { fill, groupResources, renderSyncerManifest, type SyncerManifest } from './syncer-manifest.ts'

const templates = {
  syncer: readFileSync(new URL('../manifests/syncer/syncer.yaml', import.meta.url), 'utf8'),
  kubeconfig: readFileSync(new URL('../manifests/syncer/kubeconfig.yaml', import.meta.url), 'utf8'),
}
const manifest: SyncerManifest = {
  syncerId: 'kcp-syncer-kind-25coemaz',
  namespace: 'kcp-syncer-kind-25coemaz',
  syncTargetName: 'kind',
  syncTargetUid: 'uid',
  syncTargetCluster: '2hc1m9l2w0m4h2dl',
  server: 'https://192.0.2.1:6443',
  caData: 'Y2E=',
  token: 'secret: "quoted"\n- x',
  kcpNamespace: 'default',
  image: 'ghcr.io/kcp-dev/kcp/syncer:v0.8.0',
  replicas: 1,
  resources: ['widgets.example.io'],
  permissions: ['services', 'services.', 'deployments.apps', 'secrets', 'configmaps', 'widgets.example.io'],
  apiImportPollInterval: '1m0s',
  downstreamNamespaceCleanDelay: '30s',
  qps: 20,
  burst: 30,
  featureGates: '',
}

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] }

describe('the syncer manifest', () => {
  const text = renderSyncerManifest(manifest, templates)
  const documents = parseAllDocuments(text).map(d => d.toJS())

  test('has the objects of the walk-through, in the order kubectl applies them', () => {
    assert.deepEqual(
      documents.map(d => `${d.kind}/${d.metadata.name}`),
      [
        'Namespace/kcp-syncer-kind-25coemaz',
        'ServiceAccount/kcp-syncer-kind-25coemaz',
        'Secret/kcp-syncer-kind-25coemaz-token',
        'ClusterRole/kcp-syncer-kind-25coemaz',
        'ClusterRoleBinding/kcp-syncer-kind-25coemaz',
        'Secret/kcp-syncer-kind-25coemaz',
        'Deployment/kcp-syncer-kind-25coemaz',
      ],
    )
  })
  test('grants exactly six verbs per synced resource, and never a star', () => {
    const rules: Rule[] = documents[3].rules
    assert.ok(rules.every(rule => [...rule.apiGroups, ...rule.resources, ...rule.verbs].every(word => word !== '*')))
    const synced = rules.filter(rule => !['namespaces', 'customresourcedefinitions'].includes(rule.resources[0] ?? ''))
    assert.deepEqual(
      synced.map(rule => [rule.apiGroups[0], ...rule.resources]),
      [
        ['', 'configmaps', 'secrets', 'services'],
        ['apps', 'deployments'],
        ['example.io', 'widgets'],
      ],
    )
    for (const rule of synced) assert.deepEqual(rule.verbs, ['get', 'list', 'watch', 'create', 'patch', 'delete'])
  })
  test('keeps a token with YAML signs as one value', () => {
    assert.equal(
      parse(Buffer.from(documents[5].data.kubeconfig, 'base64').toString('utf8')).users[0].user.token,
      manifest.token,
    )
  })
  test('passes the extra resources to the agent', () => {
    const args: string[] = documents[6].spec.template.spec.containers[0].args
    assert.ok(args.includes('--resources=widgets.example.io'))
    assert.ok(args.includes('--from-cluster=2hc1m9l2w0m4h2dl'))
  })
  test('replicas stay a number', () => assert.equal(documents[6].spec.replicas, 1))
})

describe('grouping', () => {
  const cases: { names: string[]; want: [string, string[]][] }[] = [
    { names: [], want: [] },
    { names: ['services'], want: [['', ['services']]] },
    { names: ['deployments.apps'], want: [['apps', ['deployments']]] },
    {
      names: ['deployments.apps', 'services', 'secrets'],
      want: [
        ['', ['services', 'secrets']],
        ['apps', ['deployments']],
      ],
    },
  ]
  for (const { names, want } of cases) {
    test(`of [${names.join(', ')}]`, () => {
      assert.deepEqual(
        groupResources(names).map(g => [g.group, g.resources]),
        want,
      )
    })
  }
})

test('an unknown placeholder is an error, not an empty string', () => {
  assert.throws(() => fill('{{nope}}', {}), /a value named nope/)
})
