// The members of workload objects that the simulated controllers read and write. Unknown members pass through untouched.
import type { KubeObject, OwnerReference } from '../api/objects.ts'
import type { LabelSelectorObject } from '../api/selectors/label-selector.ts'

/** Where clients in pods look for their token, CA and namespace. */
export const serviceAccountMountPath = '/var/run/secrets/kubernetes.io/serviceaccount'

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}

export interface Container {
  name: string
  image?: string
  command?: string[]
  args?: string[]
  env?: EnvVar[]
  ports?: { name?: string; containerPort: number; protocol?: string }[]
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[]
}

export interface EnvVar {
  name: string
  value?: string
  valueFrom?: {
    fieldRef?: { fieldPath: string }
    secretKeyRef?: { name: string; key: string; optional?: boolean }
    configMapKeyRef?: { name: string; key: string; optional?: boolean }
  }
}

export interface Volume {
  name: string
  secret?: { secretName: string; items?: KeyPath[]; optional?: boolean; defaultMode?: number }
  configMap?: { name: string; items?: KeyPath[]; optional?: boolean }
  emptyDir?: object
  projected?: { sources: ProjectedSource[]; defaultMode?: number }
}

export interface ProjectedSource {
  secret?: { name: string; items?: KeyPath[]; optional?: boolean }
  configMap?: { name: string; items?: KeyPath[]; optional?: boolean }
  serviceAccountToken?: { path: string; audience?: string; expirationSeconds?: number }
  downwardAPI?: { items: { path: string; fieldRef?: { apiVersion?: string; fieldPath: string } }[] }
}

export interface KeyPath {
  key: string
  path: string
}

export interface PodSpec {
  nodeName?: string
  nodeSelector?: Record<string, string>
  containers: Container[]
  initContainers?: Container[]
  volumes?: Volume[]
  serviceAccountName?: string
  restartPolicy?: string
  terminationGracePeriodSeconds?: number
}

export interface PodCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastProbeTime?: null
  lastTransitionTime?: string
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: { phase?: string; conditions?: PodCondition[]; podIP?: string; [member: string]: unknown }
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; selector: LabelSelectorObject; template: PodTemplate }
  status?: ReplicaSetStatus
}

export interface ReplicaSetStatus {
  replicas: number
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  observedGeneration?: number
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number
    paused?: boolean
    revisionHistoryLimit?: number
    selector: LabelSelectorObject
    template: PodTemplate
    strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string } }
  }
  status?: DeploymentStatus
}

export interface DeploymentCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  lastUpdateTime: string
  lastTransitionTime: string
}

export interface DeploymentStatus {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  conditions?: DeploymentCondition[]
}

export interface ServicePort {
  name?: string
  port: number
  targetPort?: number | string
  protocol?: string
}

export interface Service extends KubeObject {
  spec: { selector?: Record<string, string>; ports?: ServicePort[]; publishNotReadyAddresses?: boolean }
}

/** Of Endpoints. */
export interface Address {
  ip: string
  nodeName?: string
  targetRef?: { kind: 'Pod'; namespace: string; name: string; uid: string }
}

export interface Subset {
  addresses?: Address[]
  notReadyAddresses?: Address[]
  ports?: { name?: string; port: number; protocol: string }[]
}

/** The controller among the owners. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(owner => owner.controller === true)
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(c => c.type === 'Ready' && c.status === 'True') ?? false
}

/** Neither finished nor going away. */
export function isActive(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed'
  )
}

const apps = { group: 'apps', version: 'v1' } as const
const core = { group: '', version: 'v1' } as const
export const deployments = { ...apps, resource: 'deployments' } as const
export const replicaSets = { ...apps, resource: 'replicasets' } as const
export const pods = { ...core, resource: 'pods' } as const
export const services = { ...core, resource: 'services' } as const
export const endpoints = { ...core, resource: 'endpoints' } as const
export const endpointSlices = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' } as const
export const nodes = { ...core, resource: 'nodes' } as const
export const secrets = { ...core, resource: 'secrets' } as const
export const configMaps = { ...core, resource: 'configmaps' } as const
export const serviceAccounts = { ...core, resource: 'serviceaccounts' } as const
