// RBAC of the root workspace: who may enter it, bind its APIs, use its workspace types, and what consumers may do at most.
import { replicateAnnotation } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

const rbac = 'rbac.authorization.k8s.io'
const authenticated = 'system:authenticated'
/** How a consumer's group looks to a maximal permission policy. */
const bindingPrefix = 'apis.kcp.io:binding:'
const readVerbs = ['get', 'list', 'watch']

export function clusterRole(name: string, rules: readonly Rule[], annotations: Record<string, string>): KubeObject {
  return { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name, annotations }, rules }
}

export function groupBinding(
  name: string,
  role: { name: string; groups: readonly string[] },
  annotations: Record<string, string>,
): KubeObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, annotations },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role.name },
    subjects: role.groups.map(group => ({ apiGroup: rbac, kind: 'Group', name: group })),
  }
}

interface Provider {
  readonly name: string
  readonly replicate: string
  readonly full: readonly string[]
  readonly read: readonly string[]
}

const bindReplicate = 'apis.kcp.io'
const providers: readonly Provider[] = [
  {
    name: 'tenancy',
    replicate: 'apis.kcp.io,tenancy.kcp.io',
    full: ['workspaces', 'workspacetypes'],
    read: ['workspaces/status', 'workspacetypes/status'],
  },
  {
    name: 'scheduling',
    replicate: bindReplicate,
    full: ['locations', 'placements'],
    read: ['locations/status', 'placements/status'],
  },
  { name: 'workload', replicate: bindReplicate, full: ['synctargets', 'synctargets/status'], read: [] },
  {
    name: 'apiresource',
    replicate: bindReplicate,
    full: ['apiresourceimports', 'negotiatedapiresources'],
    read: ['apiresourceimports/status', 'negotiatedapiresources/status'],
  },
  { name: 'topology', replicate: bindReplicate, full: ['partitions', 'partitionsets'], read: [] },
]

function replicated(groups: string): Record<string, string> {
  return { [replicateAnnotation]: groups }
}

function providerPolicy({ name, replicate, full, read }: Provider): KubeObject[] {
  const group = `${name}.kcp.io`
  const bind = `system:kcp:apiexport:${name}:bind`
  const policy = `system:kcp:apiexport:${name}:maximal-permission-policy`
  const authenticatedName = (suffix: string) => `system:kcp:authenticated:apiexport:${name}:${suffix}`
  const rules: Rule[] = [{ apiGroups: [group], resources: full, verbs: ['*'] }]
  if (read.length > 0) rules.push({ apiGroups: [group], resources: read, verbs: readVerbs })
  const bindRule = { apiGroups: ['apis.kcp.io'], resources: ['apiexports'], resourceNames: [group], verbs: ['bind'] }
  const consumers = [bindingPrefix + authenticated]
  return [
    clusterRole(bind, [bindRule], replicated(bindReplicate)),
    groupBinding(authenticatedName('bind'), { name: bind, groups: [authenticated] }, replicated(bindReplicate)),
    clusterRole(policy, rules, replicated(replicate)),
    groupBinding(
      authenticatedName('maximal-permission-policy'),
      { name: policy, groups: consumers },
      replicated(replicate),
    ),
  ]
}

export function rootPolicy(homeCreatorGroups: readonly string[]): KubeObject[] {
  const tenancy = 'tenancy.kcp.io'
  const adminPolicy = 'system:kcp:apiexport:kcp-admin:maximal-permission-policy'
  const adminName = 'system:kcp:authenticated:apiexport:kcp-admin:maximal-permission-policy'
  const home = 'system:kcp:home-clusterworkspace-create'
  const homeName = 'system:kcp:configured-group:home-clusterworkspace-create'
  const use = 'system:kcp:universal-workspacetype-use'
  const useName = 'system:kcp:authenticated:universal-workspacetype-use'
  const everybody = [authenticated]
  const both = replicated('apis.kcp.io,tenancy.kcp.io')
  const types = ['universal', 'organization', 'team']
  return [
    ...providers.flatMap(providerPolicy),
    clusterRole(adminPolicy, [{ apiGroups: [tenancy], resources: ['*'], verbs: ['*'] }], both),
    groupBinding(adminName, { name: adminPolicy, groups: [`${bindingPrefix}system:kcp:admin`] }, both),
    clusterRole(
      home,
      [{ apiGroups: [tenancy], resources: ['workspaces'], resourceNames: ['~'], verbs: ['get', 'create'] }],
      {},
    ),
    groupBinding(homeName, { name: home, groups: homeCreatorGroups }, {}),
    clusterRole(
      use,
      [{ apiGroups: [tenancy], resources: ['workspacetypes'], resourceNames: types, verbs: ['use'] }],
      replicated(tenancy),
    ),
    groupBinding(useName, { name: use, groups: everybody }, replicated(tenancy)),
    groupBinding(
      'system:kcp:tenancy:authenticated:access',
      { name: 'system:kcp:workspace:access', groups: everybody },
      replicated('core.kcp.io'),
    ),
    groupBinding(
      'system:kcp:authenticated:tenancy:reader',
      { name: 'system:kcp:tenancy:reader', groups: everybody },
      {},
    ),
  ]
}
