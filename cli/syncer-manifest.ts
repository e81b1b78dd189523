// Renders the YAML of a syncer: parsed templates in, text out. Pure. Least privilege is decided here.
import { parse, parseAllDocuments, stringify } from 'yaml'

export interface SyncerManifest {
  /** Name of the ServiceAccount, roles, Secret and Deployment. */
  syncerId: string
  /** Namespace in the physical cluster. */
  namespace: string
  syncTargetName: string
  syncTargetUid: string
  /** Logical cluster name (not the path) of the SyncTarget. */
  syncTargetCluster: string
  /** scheme://host:port of kcp, without a path. */
  server: string
  /** PEM, base64. Empty when the server's certificate is signed by a public authority. */
  caData: string
  token: string
  kcpNamespace: string
  image: string
  replicas: number
  /** `resource[.group]` the user asked for; passed on as --resources. */
  resources: readonly string[]
  /** `resource[.group]` the syncer may touch. */
  permissions: readonly string[]
  apiImportPollInterval: string
  downstreamNamespaceCleanDelay: string
  qps: number
  burst: number
  featureGates: string
}

export interface Templates {
  syncer: string
  kubeconfig: string
}

/** What the agent does with a synced object; it reviews exactly these one by one when it starts. */
export const syncedVerbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'] as const

export interface GroupResources {
  group: string
  resources: string[]
}

/** Groups sorted; inside a group input order, each resource once. `services` and `services.` are the same resource. */
export function groupResources(names: readonly string[]): GroupResources[] {
  const groups = new Map<string, Set<string>>()
  for (const name of names) {
    const dot = name.indexOf('.')
    const resource = dot < 0 ? name : name.slice(0, dot)
    const group = dot < 0 ? '' : name.slice(dot + 1)
    const known = groups.get(group) ?? new Set()
    known.add(resource)
    groups.set(group, known)
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({ group, resources: [...resources] }))
}

export function renderSyncerManifest(manifest: SyncerManifest, templates: Templates): string {
  const kubeconfig = stringify(
    fill(parse(templates.kubeconfig), {
      server: manifest.server,
      caData: manifest.caData,
      token: manifest.token,
      kcpNamespace: manifest.kcpNamespace,
    }),
  )
  const values: Record<string, unknown> = {
    syncerId: manifest.syncerId,
    namespace: manifest.namespace,
    image: manifest.image,
    replicas: manifest.replicas,
    kubeconfig: Buffer.from(kubeconfig, 'utf8').toString('base64'),
    args: syncerArgs(manifest),
  }
  const documents = parseAllDocuments(templates.syncer).map(document => fill(document.toJS(), values))
  for (const document of documents) addRules(document, manifest.permissions)
  return documents.map(document => `---\n${stringify(document, { lineWidth: 0, indentSeq: false })}`).join('')
}

function syncerArgs(manifest: SyncerManifest): string[] {
  return [
    '--from-kubeconfig=/kcp/kubeconfig',
    `--sync-target-name=${manifest.syncTargetName}`,
    `--sync-target-uid=${manifest.syncTargetUid}`,
    `--from-cluster=${manifest.syncTargetCluster}`,
    `--api-import-poll-interval=${manifest.apiImportPollInterval}`,
    `--downstream-namespace-clean-delay=${manifest.downstreamNamespaceCleanDelay}`,
    ...manifest.resources.map(resource => `--resources=${resource}`),
    `--qps=${manifest.qps}`,
    `--burst=${manifest.burst}`,
    ...(manifest.featureGates === '' ? [] : [`--feature-gates=${manifest.featureGates}`]),
    `--dns-image=${manifest.image}`,
  ]
}

function addRules(document: unknown, permissions: readonly string[]): void {
  const { kind, rules } = document as { kind?: string; rules?: unknown[] }
  if (kind !== 'ClusterRole' || !rules) return
  for (const { group, resources } of groupResources([...permissions].sort())) {
    rules.push({ apiGroups: [group], resources, verbs: [...syncedVerbs] })
  }
}

/** Replaces `{{name}}` in every string of a parsed document; a string that is only one placeholder takes the value itself. */
export function fill(node: unknown, values: Record<string, unknown>): unknown {
  if (Array.isArray(node)) return node.map(item => fill(item, values))
  if (typeof node === 'object' && node !== null) {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value, values)]))
  }
  if (typeof node !== 'string') return node
  const whole = /^\{\{(\w+)\}\}$/.exec(node)?.[1]
  if (whole !== undefined) return lookUp(whole, values)
  return node.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(lookUp(name, values)))
}

function lookUp(name: string, values: Record<string, unknown>): unknown {
  if (!Object.hasOwn(values, name)) throw new Error(`the template asks for a value named ${name}, which is unknown`)
  return values[name]
}
