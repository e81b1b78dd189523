// The objects a Kubernetes cluster has from its first minute: namespaces, default RBAC, the API server's Service, the node.
import type { KubeObject } from '../api/objects.ts'
import { isAlreadyExists } from '../api/status-error.ts'
import type { Client } from '../api-client/client.ts'
import { bootstrapPolicyObjects } from '../kcp/auth/bootstrap-policy.ts'
import { newNode } from './kubelet/node.ts'
import { clusterVersion } from './version.ts'
import { endpoints, nodes, services } from './workloads.ts'

export interface BootstrapOptions {
  client: Client
  clusterName: string
  apiServer: { host: string; port: number }
  now: Date
}

const core = { group: '', version: 'v1' } as const
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const
const rbacResources: Record<string, string> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
}

export async function bootstrapCluster(options: BootstrapOptions): Promise<void> {
  const { client, apiServer, now, clusterName } = options
  const make = (gvr: Parameters<Client['create']>[0], object: KubeObject) => createMissing(client, gvr, object)
  const names = ['default', 'kube-system', 'kube-public', 'kube-node-lease']
  await Promise.all(
    names.map(name =>
      make({ ...core, resource: 'namespaces' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    ),
  )
  await Promise.all(
    bootstrapPolicyObjects({ kcp: false }).map(object =>
      make({ ...rbac, resource: rbacResources[object.kind] ?? '' }, withSelfSubjectReview(object)),
    ),
  )
  await registerNode(client, newNode(clusterName, now, clusterVersion.gitVersion))
  await make(services, kubernetesService())
  await make(endpoints, kubernetesEndpoints(apiServer))
}

const selfSubjectReview = {
  apiGroups: ['authentication.k8s.io'],
  resources: ['selfsubjectreviews'],
  verbs: ['create'],
}

/** The default policy is that of kcp's Kubernetes 1.24, which had no `kubectl auth whoami`. */
function withSelfSubjectReview(object: KubeObject): KubeObject {
  if (object.kind !== 'ClusterRole' || object.metadata.name !== 'system:basic-user') return object
  return { ...object, rules: [...(Array.isArray(object.rules) ? object.rules : []), selfSubjectReview] }
}

/** As kubelets do: the object first, then its status. */
async function registerNode(client: Client, node: KubeObject): Promise<void> {
  await createMissing(client, nodes, node)
  const stored = await client.get(nodes, { name: node.metadata.name })
  await client.update(nodes, { ...stored, status: node.status }, { subresource: 'status' })
}

async function createMissing(client: Client, gvr: Parameters<Client['create']>[0], object: KubeObject): Promise<void> {
  try {
    await client.create(gvr, object)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

function kubernetesService(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    },
  }
}

function kubernetesEndpoints({ host, port }: { host: string; port: number }): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [{ addresses: [{ ip: host }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  }
}
