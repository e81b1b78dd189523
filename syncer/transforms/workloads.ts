// Pod templates whose pods talk to kcp as to their own API server: its address in the environment, a token and the
// root CA of their workspace where in-cluster clients look. Pods keep the cluster's DNS settings.
import type { KubeObject } from '../../api/objects.ts'

export interface WorkloadSurroundings {
  /** URL of kcp as pods reach it. */
  readonly upstreamUrl: string
  readonly upstreamNamespace: string
  readonly upstreamCluster: string
  /** Downstream name of the secret with the token of a service account; undefined: none yet. */
  tokenSecret(serviceAccount: string): string | undefined
}

export const workloadResources: readonly string[] = ['deployments', 'statefulsets', 'replicasets', 'daemonsets']

const accessVolume = 'kcp-api-access'
const accessPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const

interface EnvVar {
  name: string
  value?: string
  valueFrom?: { fieldRef?: { fieldPath?: string } }
}
interface Named {
  name?: string
  [member: string]: unknown
}
interface VolumeMount extends Named {
  mountPath?: string
}
interface Container extends Named {
  env?: EnvVar[]
  volumeMounts?: VolumeMount[]
}
interface PodSpec {
  serviceAccountName?: string
  serviceAccount?: string
  containers?: Container[]
  initContainers?: Container[]
  ephemeralContainers?: Container[]
  volumes?: Named[]
  [member: string]: unknown
}
interface PodTemplate {
  metadata?: { creationTimestamp?: unknown; [member: string]: unknown }
  spec?: PodSpec
}

/** Throws while the service account has no token upstream. */
export function transformWorkload(workload: KubeObject, surroundings: WorkloadSurroundings): KubeObject {
  const { spec } = workload as { spec?: { template?: PodTemplate } }
  if (!spec?.template) return workload
  const { metadata, ...template } = spec.template
  const { creationTimestamp: _, ...templateMetadata } = metadata ?? {}
  return {
    ...workload,
    spec: {
      ...spec,
      template: {
        ...template,
        ...(metadata ? { metadata: templateMetadata } : {}),
        spec: transformPod(template.spec ?? {}, surroundings),
      },
    },
  }
}

function transformPod(pod: PodSpec, surroundings: WorkloadSurroundings): PodSpec {
  const { serviceAccountName, serviceAccount, ...rest } = pod
  const account = serviceAccountName || serviceAccount || 'default'
  const secret = surroundings.tokenSecret(account)
  if (secret === undefined) {
    const { upstreamNamespace, upstreamCluster } = surroundings
    const subject = `serviceaccount ${account}/${upstreamNamespace} in workspace ${upstreamCluster}`
    throw new Error(`couldn't find a token upstream for the ${subject}`)
  }
  const transformed: PodSpec = { ...rest, automountServiceAccountToken: false }
  for (const list of containerLists) {
    const containers = pod[list]
    if (containers) transformed[list] = containers.map(container => transformContainer(container, surroundings))
  }
  const others = (pod.volumes ?? []).filter(({ name }) => name !== accessVolume)
  return { ...transformed, volumes: [...others, accessVolumeOf(secret)] }
}

function transformContainer(container: Container, surroundings: WorkloadSurroundings): Container {
  const { volumeMounts = [] } = container
  // Two mounts on one path are refused by Kubernetes: ours takes the place of the user's.
  const others = volumeMounts.filter(
    ({ name, mountPath }) => name !== accessVolume && trimSlash(mountPath) !== accessPath,
  )
  return {
    ...container,
    env: transformEnv(container.env ?? [], surroundings),
    volumeMounts: [...others, { name: accessVolume, mountPath: accessPath, readOnly: true }],
  }
}

function transformEnv(env: readonly EnvVar[], surroundings: WorkloadSurroundings): EnvVar[] {
  const url = new URL(surroundings.upstreamUrl)
  const port = url.port || (url.protocol === 'http:' ? '80' : '443')
  const overrides: EnvVar[] = [
    { name: 'KUBERNETES_SERVICE_PORT', value: port },
    { name: 'KUBERNETES_SERVICE_PORT_HTTPS', value: port },
    { name: 'KUBERNETES_SERVICE_HOST', value: url.hostname.replace(/^\[|\]$/g, '') },
  ]
  const kept = env.map(variable => {
    const override = overrides.find(({ name }) => name === variable.name)
    if (override) return override
    const isNamespace = variable.valueFrom?.fieldRef?.fieldPath === 'metadata.namespace'
    return isNamespace ? { name: variable.name, value: surroundings.upstreamNamespace } : variable
  })
  const missing = overrides.filter(({ name }) => !env.some(variable => variable.name === name))
  return [...kept, ...missing]
}

function accessVolumeOf(secretName: string): Named {
  const secretItems = ['token', 'namespace'].map(key => ({ key, path: key }))
  const rootCaItems = [{ key: 'ca.crt', path: 'ca.crt' }]
  return {
    name: accessVolume,
    projected: {
      defaultMode: 420,
      sources: [
        { secret: { name: secretName, items: secretItems } },
        { configMap: { name: 'kcp-root-ca.crt', items: rootCaItems } },
      ],
    },
  }
}

function trimSlash(path: string | undefined): string | undefined {
  return path?.replace(/\/+$/, '')
}
