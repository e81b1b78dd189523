// Turns the recorded RBAC objects of the logical cluster system:admin into kcp/auth/generated/bootstrap-policy.json.
// Usage: scripts/node.sh scripts/generate-bootstrap-policy.ts <directory of the recorded data>
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Recorded {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> }
  rules?: unknown[]
  aggregationRule?: unknown
  roleRef?: { name: string }
  subjects?: unknown[]
}

const recordedDirectory = process.argv[2]
if (recordedDirectory === undefined) throw new Error('name the directory of the recorded data')
const file = join(recordedDirectory, 'kcp-0.11', 'objects-system-admin.json')
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Recorded[]>
const path = '/apis/rbac.authorization.k8s.io/v1'

/** What kube-apiserver 1.31 allows beside the recorded 1.24. */
const sinceRecorded: Readonly<Record<string, unknown[]>> = {
  'system:service-account-issuer-discovery': [
    { nonResourceURLs: ['/.well-known/openid-configuration/', '/openid/v1/jwks/'], verbs: ['get'] },
  ],
  'system:basic-user': [{ apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] }],
}

const policy = {
  clusterRoles: (recorded[`${path}/clusterroles`] ?? []).map(({ metadata, rules, aggregationRule }) => ({
    ...named(metadata),
    ...(aggregationRule === undefined ? {} : { aggregationRule }),
    rules: [...(rules ?? []), ...(sinceRecorded[metadata.name] ?? [])],
  })),
  clusterRoleBindings: (recorded[`${path}/clusterrolebindings`] ?? []).map(({ metadata, roleRef, subjects }) => ({
    ...named(metadata),
    role: roleRef?.name,
    subjects: subjects ?? [],
  })),
}
const lines = (items: unknown[]) => items.map(item => JSON.stringify(item)).join(',\n')
const { clusterRoles, clusterRoleBindings } = policy
const text = `{"clusterRoles":[\n${lines(clusterRoles)}\n],"clusterRoleBindings":[\n${lines(clusterRoleBindings)}\n]}\n`
writeFileSync(new URL('../kcp/auth/generated/bootstrap-policy.json', import.meta.url), text)

/** Only kcp's own objects are without the label and annotation that kube-apiserver puts on its defaults. */
function named({ name, labels = {}, annotations = {} }: Recorded['metadata']) {
  const { 'kubernetes.io/bootstrapping': bootstrapping, ...ownLabels } = labels
  const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate' in annotations
  if ((bootstrapping === 'rbac-defaults') !== autoupdate) throw new Error(`${name}: an unexpected mix of marks`)
  return { name, kcp: !autoupdate, ...(Object.keys(ownLabels).length > 0 ? { labels: ownLabels } : {}) }
}
